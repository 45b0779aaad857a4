/** Gets a model's files from a hub of Hugging Face's shape, once, into a folder. */
import { mkdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock, IdSource, Random } from "@lmos/primitives";
import { EmbeddingsError } from "../errors.ts";
import { requestWithRetry } from "../retry-request.ts";
import { describingFiles, onnxFiles } from "./model-directory.ts";

/** What is fetched, from where, to where. */
export interface FetchModelOptions {
  /** Such as `BAAI/bge-small-en-v1.5`. */
  readonly model: string;
  /** A branch, tag or commit (default `main`); pin a commit where vectors are kept. */
  readonly revision?: string | undefined;
  /** Folder that holds the models; each gets one of its own in it. */
  readonly cacheDirectory: string;
  /** Where the hub is (default `https://huggingface.co`). */
  readonly hubUrl?: string | undefined;
  readonly token?: string | undefined;
  /** Told when a file is asked for, and when it is there. */
  readonly onProgress?: ((event: FetchProgress) => void) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly signal: AbortSignal;
}

/** A file that is on its way (`bytes` undefined) or there. */
export interface FetchProgress {
  readonly file: string;
  readonly bytes: number | undefined;
}

const maxFileBytes = 2 * 1024 ** 3 - 1;
const timeoutMs = 10 * 60_000;
/** There when every file is: the hub need not be asked, nor be reachable, any more. */
const completeMark = ".complete";
const modelName = /^[\w.-]+\/[\w.-]+$/;

/**
 * The folder with the model's network, tokenizer and settings; files that are there are not asked for again.
 *
 * @throws EmbeddingsError `InvalidSpecification` for a name that is none, `ModelMissing` when the hub lacks a file that is
 * needed, `ServiceFailed` when it cannot be reached.
 */
export async function fetchModel(options: FetchModelOptions): Promise<string> {
  const { model, revision = "main", cacheDirectory } = options;
  if (!modelName.test(model)) {
    throw new EmbeddingsError(
      "InvalidSpecification",
      `"${model}" is no model of a hub; write OWNER/NAME, such as BAAI/bge-small-en-v1.5`,
    );
  }
  const directory = join(cacheDirectory, `${model.replace("/", "--")}@${encodeURIComponent(revision)}`);
  if (await exists(join(directory, completeMark))) return directory;
  await fetchFirst(onnxFiles, directory, options);
  await fetchFirst([describingFiles.tokenizer], directory, options);
  for (const file of [describingFiles.configuration, describingFiles.pooling]) {
    await fetchFile(file, directory, options);
  }
  await writeFile(join(directory, completeMark), "");
  return directory;
}

/** The first of these files that the hub has. */
async function fetchFirst(
  files: readonly string[],
  directory: string,
  options: FetchModelOptions,
): Promise<void> {
  for (const file of files) {
    if (await fetchFile(file, directory, options)) return;
  }
  throw new EmbeddingsError(
    "ModelMissing",
    `the hub has none of ${files.join(", ")} for ${options.model}; take a model that was exported to ONNX`,
    { details: { model: options.model } },
  );
}

/** False where the hub has no such file. */
async function fetchFile(file: string, directory: string, options: FetchModelOptions): Promise<boolean> {
  const path = join(directory, file);
  if (await exists(path)) return true;
  options.onProgress?.({ file, bytes: undefined });
  const body = await request(file, options);
  if (body === undefined) return false;
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${options.ids.next()}`;
  await writeFile(unfinished, body, { signal: options.signal });
  await rename(unfinished, path); // a file that was cut off never looks like one that was not
  options.onProgress?.({ file, bytes: body.byteLength });
  return true;
}

async function request(file: string, options: FetchModelOptions): Promise<Buffer | undefined> {
  const { model, revision = "main", hubUrl = "https://huggingface.co", token } = options;
  const url = `${hubUrl.replace(/\/+$/, "")}/${model}/resolve/${encodeURIComponent(revision)}/${file}`;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const policy = { ...options, timeoutMs, retries: 3, maxResponseBytes: maxFileBytes };
    return (await requestWithRetry(url, { headers }, policy)).body;
  } catch (error) {
    if (error instanceof EmbeddingsError && error.details["status"] === 404) return undefined;
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
