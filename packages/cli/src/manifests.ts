/** Reads objects from YAML files: a file with one or more documents, or a folder of such files. */
import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { errorMessage, isRecord } from "@lmos/primitives";
import { issuesText } from "@lmos/resources";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { CliError } from "./errors.ts";

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
/** An object as a user wrote it. */
export type Manifest = z.infer<typeof objectSchema>;

/** Of a file or of what is piped in, in bytes. */
export const largestManifest = 3 * 1024 * 1024;

/** How a folder is read. */
export interface ManifestReading {
  /** With the folders in it, but for hidden ones and `node_modules`. */
  readonly recursive?: boolean | undefined;
}

/** The objects of a file, or of all `*.yaml` and `*.yml` in a folder, in the order of their names. */
export async function readManifests(
  path: string,
  { recursive = false }: ManifestReading = {},
): Promise<readonly Manifest[]> {
  const files = await manifestFiles(path, recursive);
  const objects = await Promise.all(files.map(readManifestFile));
  if (files.length === 0)
    throw new CliError("Usage", `${path} holds no *.yaml file: name a file, or a folder that has some`);
  return objects.flat();
}

async function manifestFiles(path: string, recursive: boolean): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new CliError("Usage", `${path} does not exist: name a YAML file or a folder`);
  return found.isDirectory() ? filesIn(path, recursive) : [path];
}

async function filesIn(folder: string, recursive: boolean): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (/\.ya?ml$/.test(entry.name) && (await isFile(path))) files.push(path);
    if (recursive && isReadFolder(entry)) files.push(...(await filesIn(path, recursive)));
  }
  return files;
}

/** No links: they may lead back. */
function isReadFolder(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules";
}

/** Or a link to one. A folder may be called `x.yaml`, too, and reading a pipe would wait for its writer. */
async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function readManifestFile(path: string): Promise<readonly Manifest[]> {
  const { size } = await stat(path);
  if (size > largestManifest)
    throw new CliError("Usage", `${path} has ${size} bytes, more than ${largestManifest}: split it`);
  return parseManifests(await readFile(path, "utf8"), path);
}

/** The objects in a YAML text; `origin` names it in errors. Lists (`kind: List`, and what `lmos get -o yaml` prints) are opened. */
export function parseManifests(text: string, origin: string): readonly Manifest[] {
  const documents = parseAllDocuments(text);
  return documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined)
      throw new CliError("Usage", `${origin} is not YAML: ${faultText(error.message)}`);
    const value = readValue(document, origin);
    if (value === null || value === undefined) return [];
    return itemsOf(value).map((item) => parseManifest(item, `${origin}, document ${index + 1}`));
  });
}

/** Without the excerpt that follows it, and without the colon that leads there. */
function faultText(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/:$/, "");
}

/** Throws where an alias leads nowhere, or where aliases of aliases would grow beyond all bounds. */
function readValue(parsed: { toJS(): unknown }, origin: string): unknown {
  try {
    return parsed.toJS();
  } catch (error) {
    throw new CliError("Usage", `${origin} can't be read: ${errorMessage(error)}`, { cause: error });
  }
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) && value["kind"] === "List" && Array.isArray(value["items"])
    ? value["items"]
    : [value];
}

function parseManifest(value: unknown, origin: string): Manifest {
  const parsed = objectSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new CliError("Usage", `${origin} is not a Kubernetes object: ${issuesText(parsed.error)}`);
}
