import { type KubeObject, keyText } from "@lmos/kube";

/** An object in a few words, such as `channel default/acme-web-stable`. */
export function describeObject({ kind, metadata }: KubeObject): string {
  return `${kind.toLowerCase()} ${keyText(metadata)}`;
}
