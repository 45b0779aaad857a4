/**
 * `@kubernetes/client-node`, loaded only where it is needed: it takes half a second and more memory than ten thousand
 * cached objects. Its YAML reader is small and serves every kubeconfig.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const libraryName = "@kubernetes/client-node";

/** The whole library. */
export function kubernetesLibrary(): typeof import("@kubernetes/client-node") {
  return require(libraryName);
}

/** Reads a YAML text as the library does; throws where it is none. */
export function parseYaml(text: string): unknown {
  const yaml: { load(text: string): unknown } = createRequire(require.resolve(libraryName))("js-yaml");
  return yaml.load(text);
}
