/** Sentence encoders as ONNX files (all-MiniLM, bge, e5 …), run on this machine by the optional package `onnxruntime-node`. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { errorMessage } from "@lmos/primitives";
import type { EmbeddingModel } from "../model.ts";
import { createEncoder, type Encode, unusableNetwork } from "./encoder.ts";
import { type ModelDirectory, readModelDirectory } from "./model-directory.ts";
import { importOnnxRuntime, type OnnxRuntime, type OnnxSession } from "./onnx-runtime.ts";
import type { Pooling } from "./pooling.ts";
import { createTextTokenizer, type TokenizersPackage } from "./text-tokenizer.ts";

/** Which model, and how it is run. */
export interface OnnxModelOptions {
  /** Folder with the network (`model.onnx`, also below `onnx/`, also `_quantized`) and `tokenizer.json`. */
  readonly directory: string;
  /** Else what the folder's `1_Pooling/config.json` says, else `mean`. */
  readonly pooling?: Pooling | undefined;
  /** Tokens read of a text, the marks among them; at most what the model was made for, which is also the default (else 512). */
  readonly maxTokens?: number | undefined;
  /** Threads of one text; more than one seldom pays for messages (default 1). */
  readonly threads?: number | undefined;
  readonly languages?: readonly string[] | undefined;
  /** Packages to use in place of the installed ones. */
  readonly runtime?: OnnxRuntime | undefined;
  readonly tokenizers?: TokenizersPackage | undefined;
  readonly signal: AbortSignal;
}

/** A model that holds memory outside of JavaScript until it is disposed. */
export type OnnxEmbeddingModel = EmbeddingModel & AsyncDisposable;

const defaultMaxTokens = 512;

/**
 * Loads a sentence encoder. Texts are run one at a time: the numbers of a quantised network depend on the whole batch, and
 * equal texts must get equal vectors. Its id contains the digest of the network, so that another file is another model.
 *
 * @throws EmbeddingsError `PackageMissing`, `ModelMissing`, `ModelCorrupt`, `ModelUnreadable`, each naming the remedy.
 */
export async function loadOnnxModel(options: OnnxModelOptions): Promise<OnnxEmbeddingModel> {
  const { directory, signal, threads = 1 } = options;
  const files = await readModelDirectory(directory, { signal });
  const pooling = options.pooling ?? files.pooling ?? "mean";
  const maxTokens = tokensOf(options, files);
  const runtime = options.runtime ?? (await importOnnxRuntime());
  const tokenizer = await createTextTokenizer(files.tokenizer, { maxTokens, tokenizers: options.tokenizers });
  const digest = await digestOf(files.onnxPath, signal);
  const session = await createSession(runtime, files.onnxPath, threads);
  const encode = createEncoder({ runtime, session, tokenizer, pooling });
  const dimension = await dimensionOf(encode, session);
  return {
    id: `onnx:${digest.slice(0, 16)}:${pooling}:${maxTokens}`,
    dimension,
    languages: options.languages,
    embed: (texts, { signal: embedSignal }) => embedEach(texts, { encode, dimension, signal: embedSignal }),
    [Symbol.asyncDispose]: () => session.release(),
  };
}

async function embedEach(
  texts: readonly string[],
  options: { readonly encode: Encode; readonly dimension: number; readonly signal: AbortSignal },
): Promise<readonly Float32Array[]> {
  const vectors: Float32Array[] = [];
  options.signal.throwIfAborted();
  for (const text of texts) {
    vectors.push((await options.encode(text)) ?? new Float32Array(options.dimension));
    options.signal.throwIfAborted();
  }
  return vectors;
}

function tokensOf({ maxTokens }: OnnxModelOptions, files: ModelDirectory): number {
  const possible = files.maxTokens ?? defaultMaxTokens;
  return Math.min(maxTokens ?? possible, possible);
}

async function createSession(runtime: OnnxRuntime, path: string, threads: number): Promise<OnnxSession> {
  try {
    return await runtime.InferenceSession.create(path, { intraOpNumThreads: threads });
  } catch (error) {
    throw unusableNetwork(`${path}: ${errorMessage(error)}`, error);
  }
}

async function dimensionOf(encode: Encode, session: OnnxSession): Promise<number> {
  try {
    const vector = await encode("how many numbers has a vector");
    if (vector === undefined) throw unusableNetwork("its tokenizer leaves nothing of a text");
    return vector.length;
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk);
  return hash.digest("hex");
}
