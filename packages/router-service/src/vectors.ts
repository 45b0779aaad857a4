/**
 * What is made with one model of vectors: the examples in a store, and classifiers. They change together, when the model of
 * a service does.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { type ExampleStore, ModelSuccession, type ModelSuccessionOptions } from "@lmos/router";
import type { GivenAgents, GivenChannel } from "./agents/agent-directory.ts";
import {
  type ClassifierFactory,
  type Classifiers,
  type ClassifiersOptions,
  createClassifiers,
} from "./classifiers.ts";

/** What belongs to one model. */
export interface Vectors {
  /** For messages, whose users wait. */
  readonly embedding: EmbeddingModel;
  /** Where examples are kept for `/vector/plain`. */
  readonly store: ExampleStore;
  /** Whether others read the store, too: then nothing is taken out of it when the model is gone. */
  readonly isStoreShared?: boolean | undefined;
  readonly createClassifier: ClassifierFactory;
}

/** Those that serve. A request reads them once and keeps to them: two reads may be of two models. */
export interface VectorsInUse {
  readonly current: Vectors;
}

/** How vectors follow their model. */
export interface VectorSuccessionOptions
  extends Omit<ModelSuccessionOptions<Vectors>, "prepare" | "complete"> {
  /** Whose examples are in the stores. */
  readonly given: GivenAgents;
}

/** Vectors that follow their model: the examples of given agents are in the successor's store before it serves. */
export function createVectorSuccession({
  given,
  ...options
}: VectorSuccessionOptions): ModelSuccession<Vectors> {
  const filling = new Filling(given);
  return new ModelSuccession<Vectors>({
    ...options,
    prepare: ({ store }, step) => filling.fill(store, step),
    complete: async ({ store }, step) => {
      await filling.fill(store, step); // what has come and gone meanwhile was told to the store before
      await forget(step.previous, given, step);
    },
  });
}

interface CallOptions {
  readonly signal: AbortSignal;
}

/** Brings stores in line with the agents that were given. */
class Filling {
  readonly #given: GivenAgents;
  /** Channels whose agents each store has. */
  readonly #filled = new WeakMap<ExampleStore, Set<GivenChannel["scope"]>>();

  constructor(given: GivenAgents) {
    this.#given = given;
  }

  async fill(store: ExampleStore, { signal }: CallOptions): Promise<void> {
    const filled = this.#filled.get(store) ?? new Set();
    this.#filled.set(store, filled);
    for (const { scope, agents } of this.#given.channels()) {
      filled.add(scope);
      for (const agent of agents) await store.put(scope, agent, { signal });
    }
    for (const scope of filled) {
      if (this.#given.agentsOf(scope) === undefined) await store.remove(scope, undefined, { signal });
    }
  }
}

async function forget(
  { store, isStoreShared = false }: Vectors,
  given: GivenAgents,
  { signal }: CallOptions,
): Promise<void> {
  if (isStoreShared) return;
  for (const { scope } of given.channels()) await store.remove(scope, undefined, { signal });
}

/** Does something to the store that serves, and again where another one does by then. */
export async function toStoreInUse(
  vectors: VectorsInUse,
  change: (store: ExampleStore) => Promise<void>,
): Promise<void> {
  let changed: ExampleStore;
  do {
    changed = vectors.current.store;
    await change(changed);
  } while (changed !== vectors.current.store);
}

/** The classifiers of the vectors that serve; those of vectors before are forgotten. */
export function createClassifiersInUse(
  vectors: VectorsInUse,
  options: Omit<ClassifiersOptions, "factory">,
): Classifiers {
  const make = (of: Vectors) => ({
    of,
    classifiers: createClassifiers({ ...options, factory: of.createClassifier }),
  });
  let made = make(vectors.current);
  const inUse = (): Classifiers => {
    if (made.of !== vectors.current) made = make(vectors.current);
    return made.classifiers;
  };
  return {
    classifierFor: (...call) => inUse().classifierFor(...call),
    get size() {
      return inUse().size;
    },
  };
}
