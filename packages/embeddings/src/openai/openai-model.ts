/** Embedding services of OpenAI's shape: OpenAI itself, Ollama, vLLM, text-embeddings-inference, llama.cpp … */
import type { Clock, Random } from "@lmos/primitives";
import { z } from "zod";
import { checkVectors, modelChanged } from "../check-vectors.ts";
import { EmbeddingsError } from "../errors.ts";
import type { EmbeddingModel } from "../model.ts";
import { requestWithRetry } from "../retry-request.ts";
import { probeText } from "./probe.ts";
import { isServed, recognise, remember, type ServedModel } from "./served-model.ts";

/** Which service and model, and how it is asked. */
export interface OpenAiEmbeddingOptions {
  /** Up to and without `/embeddings`, such as `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** Asks for shorter vectors, where the model can give them. */
  readonly dimensions?: number | undefined;
  /** Texts in one request (default 64, at least 2), one of which is the probe. */
  readonly batchSize?: number | undefined;
  /** Characters sent of a text (default 8,000): services refuse what is longer than their model reads. */
  readonly maxCharacters?: number | undefined;
  /** Time for one attempt (default 15 s). */
  readonly timeoutMs?: number | undefined;
  /** Attempts after the first (default 3). */
  readonly retries?: number | undefined;
  readonly languages?: readonly string[] | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** 64 vectors of 4,096 numbers as text take about 6 MB. */
const maxResponseBytes = 32 * 1024 * 1024;

const answerSchema = z.object({
  model: z.string().optional(),
  data: z.array(z.object({ index: z.number().int().nonnegative(), embedding: z.array(z.number()) })),
});

/**
 * Asks the service for the vector of one text, the probe, which tells the dimension, the model's name in the service's words
 * and the model itself, and gives a model that holds it to all three: `embed` rejects with `ModelChanged` where an answer is
 * of another model, also of one with the same name and length (the probe goes along with every request), and `reload`
 * gives a model that holds it to what it serves then, under the id that it had before where it was there before. Texts of
 * white space only are not sent: their vector is of zeros.
 *
 * @throws EmbeddingsError `ServiceFailed` or `InvalidVectors`, also from `embed`.
 */
export async function loadOpenAiModel(options: OpenAiEmbeddingOptions): Promise<EmbeddingModel> {
  return loadServed(options, []);
}

async function loadServed(
  options: OpenAiEmbeddingOptions,
  known: readonly ServedModel[],
): Promise<EmbeddingModel> {
  const seen = await requestProbe(options);
  const served = recognise(seen, nameOf(options, seen), known);
  return {
    id: served.id,
    dimension: served.probe.length,
    languages: options.languages,
    isRemote: true,
    reload: ({ signal }) => loadServed({ ...options, signal }, remember(served, known)),
    embed: async (texts, { signal }) => {
      signal.throwIfAborted();
      const sendable = texts.filter((text) => text.trim() !== "");
      const vectors = (await embedInBatches(sendable, { ...options, signal }, served)).values();
      return texts.map((text) => nextOf(text, vectors) ?? new Float32Array(served.probe.length));
    },
  };
}

async function requestProbe(
  options: OpenAiEmbeddingOptions,
): Promise<Pick<ServedModel, "servedBy" | "probe">> {
  const source = sourceOf(options);
  const { vectors, servedBy } = await requestVectors([probeText], options);
  const dimension = vectors[0]?.length ?? 0;
  if (dimension === 0) throw unreadable(source, "it gave no vector");
  const [probe = new Float32Array(dimension)] = checkVectors(vectors, { count: 1, dimension, source });
  return { servedBy, probe };
}

/** The service's own name for it is in there where it is another than the one that it is asked by. */
function nameOf(
  { baseUrl, model }: OpenAiEmbeddingOptions,
  { servedBy, probe }: Pick<ServedModel, "servedBy" | "probe">,
): string {
  const served = servedBy === undefined || servedBy === model ? [] : [servedBy];
  return ["openai", baseUrl, model, probe.length, ...served].join(":");
}

function sourceOf({ model, baseUrl }: OpenAiEmbeddingOptions): string {
  return `${model} of ${baseUrl}`;
}

function nextOf(text: string, vectors: Iterator<Float32Array>): Float32Array | undefined {
  return text.trim() === "" ? undefined : vectors.next().value;
}

/** One place of each request is the probe's. */
async function embedInBatches(
  texts: readonly string[],
  options: OpenAiEmbeddingOptions,
  served: ServedModel,
): Promise<readonly Float32Array[]> {
  const room = Math.max(1, (options.batchSize ?? 64) - 1);
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += room) {
    vectors.push(...(await embedBatch(texts.slice(start, start + room), options, served)));
  }
  return vectors;
}

/** Vectors of two models are never given: every answer must be of the model that was loaded. */
async function embedBatch(
  texts: readonly string[],
  options: OpenAiEmbeddingOptions,
  served: ServedModel,
): Promise<readonly Float32Array[]> {
  const source = sourceOf(options);
  const { vectors, servedBy } = await requestVectors([...texts, probeText], options);
  if (servedBy !== served.servedBy) throw servedByOther(source, served.servedBy, servedBy);
  const expected = { count: texts.length + 1, dimension: served.probe.length, source };
  const checked = checkVectors(vectors, expected);
  const probe = checked.at(-1) ?? served.probe;
  if (!isServed(served, { servedBy, probe })) {
    throw modelChanged(source, "it gives one text another vector than before");
  }
  return checked.slice(0, -1);
}

/** An answer, in the order of the texts. */
interface ServiceVectors {
  readonly vectors: readonly (readonly number[])[];
  readonly servedBy: string | undefined;
}

async function requestVectors(
  texts: readonly string[],
  options: OpenAiEmbeddingOptions,
): Promise<ServiceVectors> {
  const {
    baseUrl,
    model,
    apiKey,
    dimensions,
    maxCharacters = 8_000,
    timeoutMs = 15_000,
    retries = 3,
  } = options;
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const input = texts.map((text) => text.slice(0, maxCharacters).toWellFormed());
  const { body } = await requestWithRetry(
    `${baseUrl.replace(/\/+$/, "")}/embeddings`,
    {
      method: "POST",
      redirect: "error",
      headers: { "content-type": "application/json", ...authorization },
      body: JSON.stringify({ model, input, encoding_format: "float", dimensions }),
    },
    { ...options, timeoutMs, retries, maxResponseBytes },
  );
  return inOrder(body, sourceOf(options));
}

/** The answer names the place of each vector; servers need not keep the order. */
function inOrder(body: Buffer, source: string): ServiceVectors {
  const parsed = answerSchema.safeParse(parseJson(body, source));
  if (!parsed.success) throw unreadable(source, z.prettifyError(parsed.error));
  const { data, model } = parsed.data;
  const sorted = data.toSorted((a, b) => a.index - b.index);
  return { vectors: sorted.map(({ embedding }) => embedding), servedBy: model };
}

function parseJson(body: Buffer, source: string): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw unreadable(source, "its answer is not JSON", error);
  }
}

function servedByOther(source: string, before = "a model without a name", now = "one"): EmbeddingsError {
  return modelChanged(source, `vectors came from ${before}, and now come from ${now}`);
}

function unreadable(source: string, reason: string, cause?: unknown): EmbeddingsError {
  return new EmbeddingsError("InvalidVectors", `${source}: ${reason}`, { cause, details: { source } });
}
