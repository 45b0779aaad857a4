/** Connections from a kubeconfig file or a pod's service account. */
import { kubernetesLibrary } from "./client-library.ts";
import type { KubeConnection } from "./connection.ts";
import { type Configuration, type PodEnvironment, readKubeconfig, readServiceAccount } from "./kubeconfig.ts";
import { pluginCredentials, usesPlugin } from "./plugin-credentials.ts";
import { readCredentials } from "./read-credentials.ts";

/** Where to look: one context (the current one unless given) of kubeconfig files, or the pod's environment. */
export interface LoadConnectionOptions {
  /** A file, or several that are laid over each other, as kubectl does: the first one that says something counts. */
  readonly kubeconfigPath?: string | readonly string[] | undefined;
  readonly context?: string | undefined;
  /** Without a kubeconfig: where the server is. `@kubernetes/client-node` is asked for it (and loaded) unless given. */
  readonly pod?: PodEnvironment | undefined;
}

/**
 * The connection that kubeconfig files describe; without a path, that of the pod this process runs in.
 * Throws `InvalidConfiguration` when a file, the context or the service account is missing or unusable.
 */
export function loadConnection({ kubeconfigPath, context, pod }: LoadConnectionOptions): KubeConnection {
  if (kubeconfigPath === undefined) return loadPodConnection(pod ?? podEnvironment(), "/");
  const paths = [kubeconfigPath].flat();
  return connectionOf(() => readKubeconfig(paths, context));
}

/** The connection of a pod whose files are below `root`. */
export function loadPodConnection(pod: PodEnvironment, root: string): KubeConnection {
  return connectionOf(() => readServiceAccount(pod, root));
}

function connectionOf(read: () => Configuration): KubeConnection {
  let configuration = read();
  let plugin = pluginCredentials(configuration);
  const { server, namespace } = configuration;
  return {
    server,
    namespace,
    credentials: async ({ renew }) => {
      if (renew) {
        configuration = read();
        plugin = pluginCredentials(configuration); // with the old one goes what it remembers
      }
      return usesPlugin(configuration) ? plugin() : readCredentials(configuration);
    },
  };
}

/** The environment is read by the library: this package reads none. */
function podEnvironment(): PodEnvironment {
  const { KubeConfig } = kubernetesLibrary();
  const config = new KubeConfig();
  config.loadFromCluster();
  const { server = "" } = config.getCurrentCluster() ?? {};
  if (!URL.canParse(server)) return { host: "", port: "" };
  const { hostname, port } = new URL(server);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port || "443" };
}
