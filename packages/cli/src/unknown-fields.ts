/** Fields of our kinds that no schema knows: mistakes of typing, which a cluster refuses and a look at files would pass over. */
import type { JsonObject } from "@lmos/primitives";
import { customKinds, customResourceSchema } from "@lmos/resources";
import { pruneUnknown, type StructuralSchema } from "@lmos/structural-schema";
import type { Manifest } from "./manifests.ts";
import type { Terminal } from "./terminal.ts";

/** Says each of them on stderr. */
export function hintUnknownFields(
  manifests: readonly Manifest[],
  terminal: Pick<Terminal, "hint" | "paint">,
): void {
  for (const manifest of manifests) {
    const object = `${manifest.kind} ${manifest.metadata.name}`;
    for (const field of unknownFieldsOf(manifest))
      terminal.hint(
        `${terminal.paint("yellow", "passed over:")} ${object} has no field ${field}: correct its name or leave it out`,
      );
  }
}

/** Their paths, sorted, such as `spec.requiredCapabilites`; none of other kinds than ours. Pure. */
export function unknownFieldsOf({
  apiVersion,
  kind,
  metadata: _known,
  ...members
}: Manifest): readonly string[] {
  const found = customKinds.find((one) => one.kind === kind && `${one.group}/${one.version}` === apiVersion);
  if (found === undefined) return [];
  const schema = customResourceSchema(found) as StructuralSchema; // kube-apiserver refuses a definition with another one
  return pruneUnknown(schema, members as JsonObject).unknownFields; // YAML holds data alone
}
