import { createRequire } from "node:module";

/**
 * `@kubernetes/client-node`, loaded when it is first asked for: it takes half a second and more memory than all of
 * this package, which those who bring a connection of their own need not pay.
 */
export function kubernetesLibrary(): typeof import("@kubernetes/client-node") {
  return createRequire(import.meta.url)("@kubernetes/client-node");
}
