/** Embedding services of OpenAI's shape: OpenAI itself, Ollama, vLLM, text-embeddings-inference, llama.cpp … */
import type { Clock, Random } from "@lmos/primitives";
import { z } from "zod";
import { checkVectors, modelChanged } from "../check-vectors.ts";
import { EmbeddingsError } from "../errors.ts";
import type { EmbeddingModel } from "../model.ts";
import { requestWithRetry } from "../retry-request.ts";

/** Which service and model, and how it is asked. */
export interface OpenAiEmbeddingOptions {
  /** Up to and without `/embeddings`, such as `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** Asks for shorter vectors, where the model can give them. */
  readonly dimensions?: number | undefined;
  /** Texts in one request (default 64). */
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
 * Asks the service for the vector of one text, which tells the dimension and the model's name in the service's words, and
 * gives a model that holds it to both: its id has them, `embed` rejects with `ModelChanged` where they are others, and
 * `reload` gives a model that holds it to what it serves then. Texts of white space only are not sent: their vector is of
 * zeros.
 *
 * @throws EmbeddingsError `ServiceFailed` or `InvalidVectors`, also from `embed`.
 */
export async function loadOpenAiModel(options: OpenAiEmbeddingOptions): Promise<EmbeddingModel> {
  const source = `${options.model} of ${options.baseUrl}`;
  const { vectors, servedBy } = await requestVectors(["how many numbers has a vector"], options);
  const [probe] = vectors;
  if (probe === undefined || probe.length === 0) throw unreadable(source, "it gave no vector");
  const expected = { dimension: probe.length, servedBy };
  const { dimension } = expected;
  return {
    id: idOf(options, expected),
    dimension,
    languages: options.languages,
    isRemote: true,
    reload: ({ signal }) => loadOpenAiModel({ ...options, signal }),
    embed: async (texts, { signal }) => {
      signal.throwIfAborted();
      const sendable = texts.filter((text) => text.trim() !== "");
      const vectors = (await embedInBatches(sendable, { ...options, signal }, expected)).values();
      return texts.map((text) => nextOf(text, vectors) ?? new Float32Array(dimension));
    },
  };
}

/** The service's own name for it is in there where it is another than the one that it is asked by. */
function idOf({ baseUrl, model }: OpenAiEmbeddingOptions, { dimension, servedBy }: ExpectedAnswer): string {
  const served = servedBy === undefined || servedBy === model ? [] : [servedBy];
  return ["openai", baseUrl, model, dimension, ...served].join(":");
}

function nextOf(text: string, vectors: Iterator<Float32Array>): Float32Array | undefined {
  return text.trim() === "" ? undefined : vectors.next().value;
}

/** What every answer must be like: vectors of two models are never compared. */
interface ExpectedAnswer {
  readonly dimension: number;
  /** The model's name in the service's own words, where it says one. */
  readonly servedBy: string | undefined;
}

async function embedInBatches(
  texts: readonly string[],
  options: OpenAiEmbeddingOptions,
  { dimension, servedBy }: ExpectedAnswer,
): Promise<readonly Float32Array[]> {
  const { batchSize = 64 } = options;
  const vectors: Float32Array[] = [];
  for (let start = 0; start < texts.length; start += batchSize) {
    const batch = texts.slice(start, start + batchSize);
    const answer = await requestVectors(batch, options);
    const source = `${options.model} of ${options.baseUrl}`;
    if (answer.servedBy !== servedBy) throw servedByOther(source, servedBy, answer.servedBy);
    vectors.push(...checkVectors(answer.vectors, { count: batch.length, dimension, source }));
  }
  return vectors;
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
  return inOrder(body, `${model} of ${baseUrl}`);
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
