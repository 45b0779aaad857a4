/** Bearer tokens that somebody else keeps fresh in a file: `tokenFile` of a kubeconfig user, a pod's service account. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isRecord } from "@lmos/primitives";
import { kubernetesLibrary } from "./client-library.ts";

/** The path of the token of each user that has one in a file, by the user's name. */
export type TokenFiles = ReadonlyMap<string, string>;

/** Those of a kubeconfig; relative paths start at its folder. */
export function readTokenFiles(kubeconfigPath: string): TokenFiles {
  const content: unknown = kubernetesLibrary().loadYaml(readFileSync(kubeconfigPath, "utf8"));
  const users = isRecord(content) && Array.isArray(content["users"]) ? content["users"] : [];
  const found = users.filter(isRecord).flatMap(({ name, user }): (readonly [string, string])[] => {
    const path = isRecord(user) ? user["tokenFile"] : undefined;
    if (typeof name !== "string" || typeof path !== "string") return [];
    return [[name, resolve(dirname(kubeconfigPath), path)]];
  });
  return new Map(found);
}

/** The `authorization` header with the token that is in the file now. */
export async function readBearer(path: string): Promise<string> {
  const token = await readFile(path, "utf8");
  return `Bearer ${token.trim()}`; // a token file usually ends with a line break
}
