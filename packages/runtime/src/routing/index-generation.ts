/**
 * What is made with one model of vectors: its indexes and the vectors in them. When a service's model changes, a new
 * generation is filled beside the one that serves. As after a start, the first 500 examples are indexed before it serves, the
 * others afterwards, or by the turns that need them: what was used last comes first.
 */
import { type EmbeddingModel, EmbeddingsError } from "@lmos/embeddings";
import { type Clock, errorMessage, type Logger, type Random } from "@lmos/primitives";
import {
  buildRouterIndex,
  createEmbeddingCache,
  createMessageEmbedding,
  type EmbeddingCache,
  ModelSuccession,
  type RouterIndex,
  type SuccessionStep,
} from "@lmos/router";
import type { RuntimeLimits } from "../limits.ts";
import { IndexCache, type IndexedAgents } from "./index-cache.ts";

/** Vectors kept for rebuilds, 1 KB each with the built-in model. */
const maxCachedVectors = 20_000;
/**
 * Examples that are indexed before a turn asks for them, ten channels of fifty: more takes seconds at the start, and memory
 * for good, and spares a first turn some 15 ms.
 */
const maxExamplesAtStart = 500;
/** Milliseconds between two lines about how filling gets on. */
const progressMs = 10_000;

/** An index, and the model whose vectors may be compared with it. */
export interface ServingIndex {
  readonly index: RouterIndex;
  readonly forMessages: EmbeddingModel;
}

/** One model with its indexes. */
export interface IndexGeneration {
  /** For texts that are indexed. */
  readonly embedding: EmbeddingModel;
  /** For messages, whose users wait. */
  readonly forMessages: EmbeddingModel;
  readonly cache: EmbeddingCache;
  readonly indexes: IndexCache<ServingIndex>;
}

/** What generations are made of. */
export interface GenerationOptions {
  readonly embedding: EmbeddingModel;
  readonly limits: Pick<RuntimeLimits, "embeddingMs" | "indexedExamples">;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The generation that serves, and those that follow it. */
export type IndexGenerations = ModelSuccession<IndexGeneration>;

/** Generations, the first of which has no indexes yet. */
export function createIndexGenerations(options: GenerationOptions): IndexGenerations {
  return new ModelSuccession<IndexGeneration>({
    ...options,
    create: (embedding) => createGeneration(embedding, options),
    prepare: (next, step) => fill(next, { ...step, ...options, isEnough: isReadyToServe }),
    complete: (next, step) => fill(next, { ...step, ...options, isEnough: () => false }),
  });
}

function createGeneration(embedding: EmbeddingModel, { limits, clock }: GenerationOptions): IndexGeneration {
  const cache = createEmbeddingCache({ maxEntries: maxCachedVectors });
  const forMessages = createMessageEmbedding({ embedding, clock, timeoutMs: limits.embeddingMs });
  const indexes = new IndexCache({
    maxExamples: limits.indexedExamples,
    build: async (agents, { signal }) => ({
      index: await buildRouterIndex(agents, { embedding, cache, signal }),
      forMessages,
    }),
  });
  return { embedding, forMessages, cache, indexes };
}

/** Whether there is room to index these before a turn asks. A first one is indexed whatever its size: its user would wait. */
export function hasRoomAtStart(
  { indexes }: IndexGeneration,
  { examples }: Pick<IndexedAgents, "examples">,
  limits: Pick<RuntimeLimits, "indexedExamples">,
): boolean {
  const room = Math.min(maxExamplesAtStart, limits.indexedExamples);
  return indexes.examples === 0 || indexes.examples + examples <= room;
}

interface Filling extends SuccessionStep<IndexGeneration>, GenerationOptions {
  readonly isEnough: (next: IndexGeneration, further: IndexedAgents, options: GenerationOptions) => boolean;
}

function isReadyToServe(
  next: IndexGeneration,
  further: IndexedAgents,
  { limits }: GenerationOptions,
): boolean {
  return next.indexes.peek(further.key) === undefined && !hasRoomAtStart(next, further, limits);
}

/** Indexes what the previous one has. */
async function fill(next: IndexGeneration, options: Filling): Promise<void> {
  const { previous, isEnough, signal, clock, logger } = options;
  const wanted = previous.indexes.latest();
  let toldAt = clock.monotonic();
  for (const [built, indexed] of wanted.entries()) {
    if (isEnough(next, indexed, options)) return;
    await indexUnlessUnfit(next, indexed, { signal, logger });
    if (clock.monotonic() - toldAt < progressMs) continue;
    toldAt = clock.monotonic();
    logger.info("Indexes are built for a changed model of vectors", { built: built + 1, of: wanted.length });
  }
}

/** A channel whose texts the new model makes nothing of keeps no other from it. */
async function indexUnlessUnfit(
  { indexes }: IndexGeneration,
  indexed: IndexedAgents,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<void> {
  try {
    await indexes.get(indexed, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EmbeddingsError) throw error;
    logger.warn("An index cannot be built for a changed model of vectors", { error: errorMessage(error) });
  }
}
