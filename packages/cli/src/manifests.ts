/** Reads objects from YAML files: a file with one or more documents, or a folder of such files. */
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

/** The objects of a file, or of all `*.yaml` and `*.yml` right in a folder, in the order of their names. */
export async function readManifests(path: string): Promise<readonly Manifest[]> {
  const files = await manifestFiles(path);
  const objects = await Promise.all(files.map(readManifestFile));
  if (files.length === 0)
    throw new CliError("Usage", `${path} holds no *.yaml file: name a file, or a folder that has some`);
  return objects.flat();
}

async function manifestFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined)
    throw new CliError("Usage", `${path} does not exist: name a YAML file or a folder`);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const paths = names.map((name) => join(path, name));
  const areFiles = await Promise.all(paths.map(isFile));
  return paths.filter((_path, index) => areFiles[index]);
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

/** The objects in a YAML text; `origin` names it in errors. Lists (`kind: List`) are opened. */
export function parseManifests(text: string, origin: string): readonly Manifest[] {
  const documents = parseAllDocuments(text);
  return documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error !== undefined)
      throw new CliError("Usage", `${origin} is not YAML: ${error.message.split("\n")[0]}`);
    const value = readValue(document, origin);
    if (value === null || value === undefined) return [];
    return itemsOf(value).map((item) => parseManifest(item, `${origin}, document ${index + 1}`));
  });
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
  return isRecord(value) && value["kind"] === "List" && Array.isArray(value["items"])
    ? value["items"]
    : [value];
}

function parseManifest(value: unknown, origin: string): Manifest {
  const parsed = objectSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new CliError("Usage", `${origin} is not a Kubernetes object: ${issuesText(parsed.error)}`);
}
