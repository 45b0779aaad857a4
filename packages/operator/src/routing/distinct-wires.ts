/** Wires as a routing tells them apart: it has no place for what a requirement says beside its range. */
import type { Wire } from "@lmos/resolver";

/** The wires without those that lead from the same range to the same capability of the same agent as an earlier one. */
export function distinctWires(wires: readonly Wire[]): readonly Wire[] {
  if (wires.length < 2) return wires;
  const known = new Map<string, Wire>();
  for (const wire of wires) {
    const text = textOf(wire);
    if (!known.has(text)) known.set(text, wire);
  }
  return known.size === wires.length ? wires : [...known.values()];
}

function textOf({ requirement, provider, capability }: Wire): string {
  return JSON.stringify([provider.name, capability.name, capability.version, requirement.range]);
}
