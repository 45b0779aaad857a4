/**
 * Connections from a kubeconfig file or a pod's service account. `@kubernetes/client-node` reads them, since it knows
 * every way to authenticate (certificates, exec plugins, OIDC); none of its HTTP code is used. Tokens in files are read
 * here: the library knows them only for pods, and keeps them for a minute even when they are refused.
 */
import type { KubeConfig } from "@kubernetes/client-node";
import { errorMessage } from "@lmos/primitives";
import { kubernetesLibrary } from "./client-library.ts";
import type { KubeConnection } from "./connection.ts";
import { KubeError } from "./errors.ts";
import { readCredentials } from "./read-credentials.ts";
import { readTokenFiles, type TokenFiles } from "./token-file.ts";

/** Where to look: a kubeconfig file and one of its contexts (the current one unless given). */
export interface LoadConnectionOptions {
  readonly kubeconfigPath?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * The connection that a kubeconfig file describes; without a path, that of the pod this process runs in.
 * Throws `InvalidConfiguration` when the file, the context or the service account is missing or unusable.
 */
export function loadConnection({ kubeconfigPath, context }: LoadConnectionOptions): KubeConnection {
  if (kubeconfigPath === undefined) return loadPodConnection("");
  return connectionOf(() => readKubeconfig(kubeconfigPath, context), kubeconfigPath);
}

/** The connection of a pod whose files are below `root`, which is empty in a real one. */
export function loadPodConnection(root: string): KubeConnection {
  const where = "the service account of this pod";
  return connectionOf(() => readServiceAccount(root, where), where);
}

/** A configuration as it was when it was read. */
export interface Configuration {
  readonly config: KubeConfig;
  /** Of its users, by name. */
  readonly tokenFiles: TokenFiles;
}

function readKubeconfig(path: string, context: string | undefined): Configuration {
  const { KubeConfig } = kubernetesLibrary();
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
    if (context !== undefined) config.setCurrentContext(context);
    return { config, tokenFiles: readTokenFiles(path) };
  } catch (error) {
    throw new KubeError("InvalidConfiguration", `${path}: ${errorMessage(error)}`, { cause: error });
  }
}

function readServiceAccount(root: string, where: string): Configuration {
  const { KubeConfig } = kubernetesLibrary();
  const config = new KubeConfig();
  config.loadFromCluster(root);
  if (!URL.canParse(config.getCurrentCluster()?.server ?? "")) {
    throw invalid(where, "there is none; name a kubeconfig file outside a cluster");
  }
  const user = config.getCurrentUser();
  const tokenFile: unknown = user?.authProvider?.config?.tokenFile;
  const tokenFiles: TokenFiles =
    user !== null && typeof tokenFile === "string" ? new Map([[user.name, tokenFile]]) : new Map();
  return { config, tokenFiles };
}

function connectionOf(read: () => Configuration, where: string): KubeConnection {
  let configuration = read();
  const { config } = configuration;
  const context = config.getContextObject(config.getCurrentContext());
  const cluster = context === null ? null : config.getCluster(context.cluster);
  if (context === null || cluster === null || config.getUser(context.user) === null) {
    throw invalid(where, `no complete context "${config.getCurrentContext()}" (context, cluster and user)`);
  }
  if (!URL.canParse(cluster.server)) throw invalid(where, `"${cluster.server}" is not the URL of a server`);
  if (cluster.proxyUrl) throw invalid(where, "proxy-url is not supported");
  return {
    server: cluster.server,
    namespace: context.namespace?.trim() || "default",
    credentials: async ({ renew }) => {
      if (renew) configuration = read(); // with it goes what its plugins remember
      return readCredentials(configuration);
    },
  };
}

function invalid(where: string, reason: string): KubeError {
  return new KubeError("InvalidConfiguration", `${where}: ${reason}`);
}
