/** `undici`, loaded with the first connection: a process without a cluster needs none, and it takes 5 MB of memory. */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The whole library. */
export function httpLibrary(): typeof import("undici") {
  return require("undici");
}
