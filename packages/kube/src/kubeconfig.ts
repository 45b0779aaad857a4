/**
 * What a kubeconfig says about one of its contexts, and what a pod's service account says in the same words: which
 * server, and where the credentials are. Nothing of it is read here but the kubeconfig itself.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { errorMessage, isRecord } from "@lmos/primitives";
import { parseYaml } from "./client-library.ts";
import { textOf } from "./decode.ts";
import { KubeError } from "./errors.ts";

/** A cluster or a user as it stands in the file. */
type Entry = Readonly<Record<string, unknown>>;

/** One context with its cluster and its user. */
export interface Configuration {
  readonly server: string;
  readonly namespace: string;
  readonly cluster: Entry;
  readonly user: Entry;
  /** Relative paths start here. */
  readonly folder: string;
}

/** Reads one context of a kubeconfig, the current one unless named; throws `InvalidConfiguration`. */
export function readKubeconfig(path: string, wanted: string | undefined): Configuration {
  const file = parseFile(path);
  const context = wanted ?? textOf(file["current-context"]) ?? "";
  const chosen = entryOf(file, "contexts", "context", context);
  const cluster = entryOf(file, "clusters", "cluster", textOf(chosen?.["cluster"]));
  const user = entryOf(file, "users", "user", textOf(chosen?.["user"]));
  if (chosen === undefined || cluster === undefined || user === undefined) {
    const known = namesIn(file, "contexts").join(", ") || "none";
    throw invalid(path, `no complete context "${context}" (context, cluster and user); there are ${known}`);
  }
  const server = textOf(cluster["server"])?.replace(/\/$/, "") ?? "";
  if (!URL.canParse(server)) throw invalid(path, `"${server}" is not the URL of a server`);
  if (textOf(cluster["proxy-url"])) throw invalid(path, "proxy-url is not supported");
  const unknown = unsupportedIdentities.find((name) => user[name] !== undefined);
  if (unknown !== undefined) throw invalid(path, `${unknown} is not supported: act as a user alone (as)`);
  const namespace = textOf(chosen["namespace"])?.trim() || "default";
  return { server, namespace, cluster, user, folder: dirname(resolve(path)) };
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
    ...{ server, folder },
    namespace: existsSync(namespace) ? readFileSync(namespace, "utf8").trim() : "default",
    cluster: { "certificate-authority": "ca.crt" },
    user: { tokenFile: "token" },
  };
}

function parseFile(path: string): Entry {
  try {
    const content = parseYaml(readFileSync(path, "utf8"));
    if (isRecord(content)) return content;
  } catch (error) {
    throw invalid(path, errorMessage(error), error);
  }
  throw invalid(path, "it is not a kubeconfig");
}

function entryOf(file: Entry, list: string, member: string, name: string | undefined): Entry | undefined {
  const named = entriesOf(file, list).find((entry) => entry["name"] === name);
  if (named === undefined) return undefined;
  return isRecord(named[member]) ? named[member] : {};
}

function namesIn(file: Entry, list: string): readonly string[] {
  return entriesOf(file, list).flatMap((entry) => textOf(entry["name"]) ?? []);
}

function entriesOf(file: Entry, list: string): readonly Entry[] {
  const entries = file[list];
  return Array.isArray(entries) ? entries.filter(isRecord) : [];
}

function invalid(where: string, reason: string, cause?: unknown): KubeError {
  return new KubeError("InvalidConfiguration", `${where}: ${reason}`, { cause });
}
