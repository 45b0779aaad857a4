import { type CustomKind, customResourceDefinition } from "@lmos/resources";
import { stringify } from "yaml";

const header = "# Generated from packages/resources by `npm run generate`. Do not edit.\n";

/** File name of a kind's definition under deploy/crds. */
export function crdFileName(kind: CustomKind<unknown>): string {
  return `${kind.plural}.yaml`;
}

/** A kind's CustomResourceDefinition as YAML. */
export function crdYaml(kind: CustomKind<unknown>): string {
  return header + stringify(customResourceDefinition(kind), { lineWidth: 0 });
}

/** The list of the definitions, for Kustomize. */
export function crdKustomization(kinds: readonly CustomKind<unknown>[]): string {
  const apiVersion = "kustomize.config.k8s.io/v1beta1";
  return header + stringify({ apiVersion, kind: "Kustomization", resources: kinds.map(crdFileName) });
}
