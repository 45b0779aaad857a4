import type { KubeConnection } from "./connection.ts";
import { KubeError } from "./errors.ts";

/** Where to look: a kubeconfig file and one of its contexts, else the pod's service account. */
export interface LoadConnectionOptions {
  readonly kubeconfigPath?: string | undefined;
  readonly context?: string | undefined;
}

/** The connection that a kubeconfig file describes; without a path, that of the pod this process runs in. */
export function loadConnection(options: LoadConnectionOptions): KubeConnection {
  throw new KubeError("InvalidConfiguration", `not built yet ${options.context}`);
}
