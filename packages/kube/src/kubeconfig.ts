/**
 * What a kubeconfig says about one of its contexts, and what a pod's service account says in the same words: which
 * server, and where the credentials are. Nothing of it is read here but the kubeconfig itself.
 */
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { textOf } from "./decode.ts";
import { KubeError } from "./errors.ts";
import { type Entry, readKubeconfigFiles } from "./kubeconfig-files.ts";

/** One context with its cluster and its user. */
export interface Configuration {
  readonly server: string;
  readonly namespace: string;
  readonly cluster: Entry;
  readonly user: Entry;
}

/**
 * Reads one context of a kubeconfig, the current one unless named, or of several that are laid over each other. Throws
 * `InvalidConfiguration`.
 */
export function readKubeconfig(paths: readonly string[], wanted: string | undefined): Configuration {
  const { currentContext = "", contexts, clusters, users } = readKubeconfigFiles(paths);
  const where = paths.join(delimiter);
  const context = wanted ?? currentContext;
  const chosen = contexts.get(context);
  const cluster = clusters.get(textOf(chosen?.["cluster"]) ?? "");
  const user = users.get(textOf(chosen?.["user"]) ?? "");
  if (chosen === undefined || cluster === undefined || user === undefined) {
    const known = [...contexts.keys()].join(", ") || "none";
    throw invalid(where, `no complete context "${context}" (context, cluster and user); there are ${known}`);
  }
  const server = textOf(cluster["server"])?.replace(/\/$/, "") ?? "";
  if (!URL.canParse(server)) throw invalid(where, `"${server}" is not the URL of a server`);
  if (textOf(cluster["proxy-url"])) throw invalid(where, "proxy-url is not supported");
  const unknown = unsupportedIdentities.find((name) => user[name] !== undefined);
  if (unknown !== undefined) throw invalid(where, `${unknown} is not supported: act as a user alone (as)`);
  const namespace = textOf(chosen["namespace"])?.trim() || "default";
  return { server, namespace, cluster, user };
}

/** Parts of somebody else's identity. Without them requests would be made as somebody that nobody named. */
const unsupportedIdentities = ["as-groups", "as-uid", "as-user-extra"] as const;

/** Where a pod finds its server. */
export interface PodEnvironment {
  /** `KUBERNETES_SERVICE_HOST`: an address or a name. */
  readonly host: string;
  /** `KUBERNETES_SERVICE_PORT`. */
  readonly port: string;
}

/** The service account of a pod whose files are below `root`; throws `InvalidConfiguration` where there is none. */
export function readServiceAccount({ host, port }: PodEnvironment, root: string): Configuration {
  const where = "the service account of this pod";
  const folder = join(root, "/var/run/secrets/kubernetes.io/serviceaccount");
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(server) || !existsSync(join(folder, "token"))) {
    throw invalid(where, "there is none; name a kubeconfig file outside a cluster");
  }
  const namespace = join(folder, "namespace");
  return {
    server,
    namespace: existsSync(namespace) ? readFileSync(namespace, "utf8").trim() : "default",
    cluster: { "certificate-authority": join(folder, "ca.crt") },
    user: { tokenFile: join(folder, "token") },
  };
}

function invalid(where: string, reason: string): KubeError {
  return new KubeError("InvalidConfiguration", `${where}: ${reason}`);
}
