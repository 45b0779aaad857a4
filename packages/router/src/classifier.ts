/** The classifier that a channel asks for: by vectors, by a language model, or by both. */
import { createHybridClassifier, type HybridClassifierOptions } from "./llm/hybrid-classifier.ts";
import type { Classifier } from "./model.ts";
import { createVectorClassifier, type VectorClassifierOptions } from "./vector-classifier.ts";

/** `vector`: vectors alone. `llm`: a language model about every message. `hybrid`: the model where vectors are unsure. */
export type RoutingMode = "vector" | "llm" | "hybrid";

/** How a language model is asked. */
export type ModelOptions = Pick<
  HybridClassifierOptions,
  "model" | "clock" | "random" | "timeoutMs" | "guard" | "spending"
>;

/** How a classifier is made. */
export interface ClassifierOptions extends VectorClassifierOptions {
  /** Hybrid with a model, else vector, unless given. */
  readonly mode?: RoutingMode | undefined;
  /** Without one every mode is `vector`: a channel that wants a model is served all the same. */
  readonly languageModel?: ModelOptions | undefined;
}

/**
 * A classifier over one index.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another embedding model.
 */
export function createClassifier({ mode, languageModel, ...options }: ClassifierOptions): Classifier {
  if (languageModel === undefined || mode === "vector") return createVectorClassifier(options);
  const asks = mode === "llm" ? "all" : "doubtful";
  return createHybridClassifier({ ...options, ...languageModel, asks });
}
