/**
 * Follows a service of vectors whose model changes. What was made with the model, a *generation*, goes on as long as vectors
 * of that model come; its successor is made beside it and takes its place at once.
 *
 *   serving ── a vector of another model came ─► asking what there is now ─► preparing ─► serving (the successor)
 *      ▲                                          │   ▲                        │
 *      └── the same model again, it has gone back ┘   └── back-off ── fails ───┘
 *
 * Guarantees: no vectors of two models meet, as each generation has a model that refuses those of any other. There are two
 * generations at most. A service that goes back and forth is followed less and less often, at last every ten minutes.
 */
import { type EmbeddingModel, EmbeddingsError } from "@lmos/embeddings";
import {
  abortable,
  type BackoffPolicy,
  backoffDelayMs,
  type Clock,
  errorMessage,
  type Logger,
  type Random,
} from "@lmos/primitives";

/** What is made with models. */
export interface ModelSuccessionOptions<Generation> {
  /** The first model. One that cannot be loaded again is never succeeded. */
  readonly embedding: EmbeddingModel;
  /** Makes a generation, which embeds by the given model only: that one tells when it has changed. */
  readonly create: (embedding: EmbeddingModel) => Generation;
  /** Makes a successor fit to serve. Rejects as the model does, to be called again with the same successor or another. */
  readonly prepare: (next: Generation, options: SuccessionStep<Generation>) => Promise<void>;
  /** What is left to do once it serves, if anything. */
  readonly complete?: ((next: Generation, options: SuccessionStep<Generation>) => Promise<void>) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** What a step has to know. */
export interface SuccessionStep<Generation> {
  readonly previous: Generation;
  readonly signal: AbortSignal;
}

/** Before a change is followed that is not the first one for {@link calmMs}: the second, the third, and so on. */
const betweenChanges: BackoffPolicy = { initialMs: 5000, maxMs: 600_000, factor: 2, jitter: 0.2 };
/** Before a service that is away, or gives what cannot be used, is asked again. */
const afterFailures: BackoffPolicy = { initialMs: 1000, maxMs: 60_000, factor: 2, jitter: 0.2 };
/** Milliseconds without a change after which the next one is followed at once again. */
const calmMs = 1_200_000;

type Look = "followed" | "changed-again" | "failed";

interface Member<Generation> {
  readonly model: EmbeddingModel;
  readonly generation: Generation;
}

/** The generation that serves, and what takes its place when its model is there no more. */
export class ModelSuccession<Generation> {
  readonly #options: ModelSuccessionOptions<Generation>;
  #serving: Member<Generation>;
  #next: Member<Generation> | undefined;
  #seen = Promise.withResolvers<void>();
  /** Changes since it was calm. */
  #recent = 0;
  #calmSince = Number.NEGATIVE_INFINITY;
  #changes = 0;

  constructor(options: ModelSuccessionOptions<Generation>) {
    this.#options = options;
    this.#serving = this.#member(options.embedding);
  }

  /** The one that serves. */
  get current(): Generation {
    return this.#serving.generation;
  }

  /** How many successors have taken over. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether there is a successor that does not serve yet. */
  get preparing(): boolean {
    return this.#next !== undefined;
  }

  /** Follows the model until aborted. */
  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    try {
      for (;;) {
        await abortable(this.#seen.promise, signal);
        await this.#follow(signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #member(model: EmbeddingModel): Member<Generation> {
    return { model, generation: this.#options.create(this.#watched(model)) };
  }

  /** The model, which says here when its service has another one. */
  #watched(model: EmbeddingModel): EmbeddingModel {
    if (model.reload === undefined) return model;
    return {
      ...model,
      embed: async (texts, options) => {
        try {
          return await model.embed(texts, options);
        } catch (error) {
          if (isOfOtherModel(error) && model === this.#serving.model) this.#seen.resolve();
          throw error;
        }
      },
    };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#options;
    const wait = (policy: BackoffPolicy, attempt: number): Promise<void> =>
      clock.sleep(backoffDelayMs(policy, attempt, random), { signal });
    if (clock.monotonic() - this.#calmSince >= calmMs) this.#recent = 0;
    if (this.#recent > 0) await wait(betweenChanges, this.#recent - 1);
    for (let failures = 0; ; ) {
      const look = await this.#look(signal);
      if (look !== "failed") this.#recent += 1;
      if (look === "followed") break;
      if (look === "failed") await wait(afterFailures, failures++);
      else await wait(betweenChanges, this.#recent - 1);
    }
    this.#calmSince = clock.monotonic();
  }

  async #look(signal: AbortSignal): Promise<Look> {
    const { logger, prepare } = this.#options;
    try {
      const next = await this.#successor(signal);
      if (next === undefined) return "followed";
      const step = { previous: this.current, signal };
      await prepare(next.generation, step);
      this.#takeOver(next);
      await this.#complete(next, step);
      return "followed";
    } catch (error) {
      signal.throwIfAborted();
      logger.warn("The model of vectors has changed and cannot be followed yet, it is tried again", {
        model: this.#serving.model.id,
        error: errorMessage(error),
      });
      return isOfOtherModel(error) ? "changed-again" : "failed";
    }
  }

  /** The one before goes on being made when the service still has its model; undefined when it has gone back. */
  async #successor(signal: AbortSignal): Promise<Member<Generation> | undefined> {
    const { model } = this.#serving;
    const now = await (model.reload?.({ signal }) ?? model);
    if (now.id === model.id) {
      this.#next = undefined;
      this.#seen = Promise.withResolvers();
      return undefined;
    }
    if (this.#next?.model.id !== now.id) {
      this.#options.logger.warn("The model of vectors has changed: a successor is prepared", {
        model: model.id,
        successor: now.id,
      });
      this.#next = this.#member(now);
    }
    return this.#next;
  }

  #takeOver(next: Member<Generation>): void {
    this.#serving = next;
    this.#next = undefined;
    this.#seen = Promise.withResolvers();
    this.#changes += 1;
    this.#options.logger.info("A model of vectors has taken over", { model: next.model.id });
  }

  /** It serves whatever comes of this: what is missing is made when it is asked for. */
  async #complete(next: Member<Generation>, step: SuccessionStep<Generation>): Promise<void> {
    try {
      await this.#options.complete?.(next.generation, step);
    } catch (error) {
      step.signal.throwIfAborted();
      this.#options.logger.warn("A model of vectors that has taken over has not been completed", {
        model: next.model.id,
        error: errorMessage(error),
      });
    }
  }
}

function isOfOtherModel(error: unknown): boolean {
  return error instanceof EmbeddingsError && error.code === "ModelChanged";
}
