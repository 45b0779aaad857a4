/**
 * Vectors for messages, whose users wait: a service of vectors has little time for them, and none while it rests after
 * it failed. Indexes are built beside those that serve, and may take their time.
 */
import { type EmbeddingModel, EmbeddingsError } from "@lmos/embeddings";
import { abortable, type Clock, withDeadline } from "@lmos/primitives";
import { RouterError } from "./errors.ts";
import { createModelGuard, type ModelGuard } from "./llm/model-guard.ts";

/** What asks it. */
export interface MessageEmbeddingOptions {
  readonly embedding: EmbeddingModel;
  /** Milliseconds that a service has. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * The model as messages ask it; the same one where it is no service. Its `embed` rejects with what the model throws, with
 * a DeadlineExceededError when that takes too long, and with a RouterError `EmbeddingUnavailable` while it rests.
 */
export function createMessageEmbedding(options: MessageEmbeddingOptions): EmbeddingModel {
  const { embedding, clock } = options;
  if (embedding.isRemote !== true) return embedding;
  const guard = createModelGuard({ clock, callsPerMinute: Number.POSITIVE_INFINITY });
  return { ...embedding, embed: (texts, { signal }) => embed(texts, { ...options, guard, signal }) };
}

interface EmbedOptions extends MessageEmbeddingOptions {
  readonly guard: ModelGuard;
  readonly signal: AbortSignal;
}

async function embed(
  texts: readonly string[],
  { embedding, guard, timeoutMs, clock, signal }: EmbedOptions,
): Promise<readonly Float32Array[]> {
  if (guard.admit() !== "go") {
    throw new RouterError(
      "EmbeddingUnavailable",
      `${embedding.id} failed lately, and is left alone for a while`,
    );
  }
  using deadline = withDeadline("a vector for a message", timeoutMs, { signal, clock });
  try {
    const vectors = await abortable(
      Promise.resolve(embedding.embed(texts, { signal: deadline.signal })),
      deadline.signal,
    );
    guard.answered();
    return vectors;
  } catch (error) {
    if (signal.aborted) guard.abandoned();
    else if (isOfThatMessage(error)) guard.answered();
    else guard.failed();
    throw error;
  }
}

/** Statuses that are about the text: one user's message must not take the service from all others. */
const refusals: ReadonlySet<unknown> = new Set([400, 413, 422]);

function isOfThatMessage(error: unknown): boolean {
  return error instanceof EmbeddingsError && refusals.has(error.details["status"]);
}
