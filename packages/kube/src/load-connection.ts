/**
 * Connections from a kubeconfig file or a pod's service account. `@kubernetes/client-node` reads them, since it knows
 * every way to authenticate (certificates, token files, exec plugins, OIDC); none of its HTTP code is used.
 */
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { errorMessage } from "@lmos/primitives";
import type { Credentials, KubeConnection } from "./connection.ts";
import { KubeError } from "./errors.ts";

/** Where to look: a kubeconfig file and one of its contexts (the current one unless given). */
export interface LoadConnectionOptions {
  readonly kubeconfigPath?: string | undefined;
  readonly context?: string | undefined;
}

/**
 * The connection that a kubeconfig file describes; without a path, that of the pod this process runs in.
 * Throws `InvalidConfiguration` when the file, the context or the service account is missing or unusable.
 */
export function loadConnection(options: LoadConnectionOptions): KubeConnection {
  const config = new KubeConfig();
  const where = options.kubeconfigPath ?? "the service account of this pod";
  try {
    if (options.kubeconfigPath === undefined) config.loadFromCluster();
    else config.loadFromFile(options.kubeconfigPath);
  } catch (error) {
    throw new KubeError("InvalidConfiguration", `${where}: ${errorMessage(error)}`, { cause: error });
  }
  if (options.kubeconfigPath === undefined && !URL.canParse(config.getCurrentCluster()?.server ?? "")) {
    throw invalid(where, "there is none; name a kubeconfig file outside a cluster");
  }
  if (options.context !== undefined) config.setCurrentContext(options.context);
  return connectionOf(config, where);
}

function connectionOf(config: KubeConfig, where: string): KubeConnection {
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
    credentials: () => readCredentials(config),
  };
}

async function readCredentials(config: KubeConfig): Promise<Credentials> {
  const request: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(request);
  } catch (error) {
    throw new KubeError("Unauthorized", `no credentials: ${errorMessage(error)}`, { cause: error });
  }
  return {
    headers: headersOf(request),
    certificateAuthority: pem(request.ca),
    clientCertificate: pem(request.cert),
    clientKey: pem(request.key),
    serverName: request.servername,
    verifyServer: request.rejectUnauthorized ?? true,
  };
}

function headersOf({ headers, auth }: RequestOptions): Record<string, string> {
  const basic = auth ? { authorization: `Basic ${Buffer.from(auth).toString("base64")}` } : {};
  const given = Object.entries({ ...headers }).map(([name, value]) => [
    name.toLowerCase(),
    String(value).trim(), // a token file usually ends with a line break
  ]);
  return { ...basic, ...Object.fromEntries(given) };
}

function pem(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return Buffer.isBuffer(value) ? value.toString("utf8") : undefined;
}

function invalid(where: string, reason: string): KubeError {
  return new KubeError("InvalidConfiguration", `${where}: ${reason}`);
}
