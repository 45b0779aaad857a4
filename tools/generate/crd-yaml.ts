import { type CustomKind, customResourceDefinition } from "@lmos/resources";
import { stringify } from "yaml";

/** File name of a kind's definition under deploy/crds. */
export function crdFileName(kind: CustomKind<unknown>): string {
  return `${kind.plural}.yaml`;
}

/** A kind's CustomResourceDefinition as YAML. */
export function crdYaml(kind: CustomKind<unknown>): string {
  const header = "# Generated from packages/resources by `npm run generate`. Do not edit.\n";
  return header + stringify(customResourceDefinition(kind), { lineWidth: 0 });
}
