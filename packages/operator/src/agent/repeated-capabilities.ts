/** Which capabilities of an agent count: of those with the same name and version the first. */
import type { ProvidedCapability } from "@lmos/resources";

/** Those whose name and version repeat an earlier one's. */
export function repeatedCapabilities(
  capabilities: readonly ProvidedCapability[],
): readonly ProvidedCapability[] {
  if (capabilities.length < 2) return [];
  const known = new Set<string>();
  return capabilities.filter(({ name, version }) => {
    const before = known.size;
    return known.add(`${name.length} ${name}${version}`).size === before;
  });
}
