import type { KubeClient, KubeClientOptions } from "./client.ts";
import { KubeError } from "./errors.ts";

/** A client for one API server. Dispose it: that closes its connections. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  throw new KubeError("InvalidConfiguration", `not built yet ${options.userAgent}`);
}
