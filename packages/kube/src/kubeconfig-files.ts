/**
 * Kubeconfig files laid over each other, as kubectl does with those of `KUBECONFIG`: the first one that has a cluster, a
 * user or a context of a name has all of it, and the first one that names a current context has that.
 */
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { errorMessage, isRecord } from "@lmos/primitives";
import { parseYaml } from "./client-library.ts";
import { textOf } from "./decode.ts";
import { KubeError } from "./errors.ts";

/** A cluster, a user or a context as it stands in the file, but for paths: those are absolute. */
export type Entry = Readonly<Record<string, unknown>>;

/** What the files say together. */
export interface KubeconfigContent {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
}

/** Reads them; throws `InvalidConfiguration` where one can't be read. */
export function readKubeconfigFiles(paths: readonly string[]): KubeconfigContent {
  const files = paths.map(readFile);
  return {
    currentContext: files.map(({ currentContext }) => currentContext).find((name) => name !== undefined),
    clusters: firstOfEachName(files.map(({ clusters }) => clusters)),
    users: firstOfEachName(files.map(({ users }) => users)),
    contexts: firstOfEachName(files.map(({ contexts }) => contexts)),
  };
}

function firstOfEachName(maps: readonly ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> {
  return firstOnes(maps.flatMap((map) => [...map]));
}

function firstOnes(entries: readonly (readonly [string, Entry])[]): ReadonlyMap<string, Entry> {
  const first = new Map<string, Entry>();
  for (const [name, entry] of entries) if (!first.has(name)) first.set(name, entry);
  return first;
}

function readFile(path: string): KubeconfigContent {
  const content = parseFile(path);
  const folder = dirname(resolve(path));
  return {
    currentContext: textOf(content["current-context"]) || undefined,
    clusters: namedEntries(content["clusters"], "cluster", folder),
    users: namedEntries(content["users"], "user", folder),
    contexts: namedEntries(content["contexts"], "context", folder),
  };
}

function parseFile(path: string): Entry {
  try {
    const content = parseYaml(readFileSync(path, "utf8"));
    if (isRecord(content)) return content;
  } catch (error) {
    throw new KubeError("InvalidConfiguration", `${path}: ${errorMessage(error)}`, { cause: error });
  }
  throw new KubeError("InvalidConfiguration", `${path}: it is not a kubeconfig`);
}

function namedEntries(list: unknown, member: string, folder: string): ReadonlyMap<string, Entry> {
  const items = Array.isArray(list) ? list.filter(isRecord) : [];
  return firstOnes(
    items.flatMap((item): readonly (readonly [string, Entry])[] => {
      const name = textOf(item["name"]);
      const entry = item[member];
      return name === undefined ? [] : [[name, isRecord(entry) ? withAbsolutePaths(entry, folder) : {}]];
    }),
  );
}

const pathMembers = ["certificate-authority", "client-certificate", "client-key", "tokenFile"] as const;

/** Paths are meant from the file's folder on; a plugin's command is one where it has a slash. */
function withAbsolutePaths(entry: Entry, folder: string): Entry {
  const paths = pathMembers.flatMap((name) => {
    const path = textOf(entry[name]);
    return path ? [[name, resolve(folder, path)]] : [];
  });
  const exec = entry["exec"];
  const command = isRecord(exec) ? textOf(exec["command"]) : undefined;
  const isPath = isRecord(exec) && command?.includes("/") === true;
  return {
    ...entry,
    ...Object.fromEntries(paths),
    ...(isPath && { exec: { ...exec, command: resolve(folder, command) } }),
  };
}
