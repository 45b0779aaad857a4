/**
 * The port through which text becomes vectors. Everything above it (router, runtime, command line) knows this
 * interface only, so that the built-in static model, ONNX models and embedding services are interchangeable.
 */
export interface EmbeddingModel {
  /** Identifies the vectors: two models with the same id give the same vector for the same text. */
  readonly id: string;
  /** Length of every vector. */
  readonly dimension: number;
  /** The languages (BCP 47, such as `en`) that it was made for; left out where that is not known, or they are many. */
  readonly languages?: readonly string[] | undefined;
  /**
   * One vector per text, in the order given: of length {@link dimension}, finite, and of Euclidean norm 1, or all
   * zeros where the model can make nothing of the text. Rejects with the signal's reason once it is aborted.
   */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly Float32Array[]>;
  /**
   * What the model makes of one word. A model without this member is taken to know every word (a multilingual one).
   */
  readonly familiarityOf?: ((word: string) => WordFamiliarity) | undefined;
}

/**
 * `known`: a word of the model's language that it knows as a whole. `unknown`: a word that it can only spell, such as a
 * rare name, a slip of the pen or a word of another language. `foreign`: a common small word of another language.
 */
export type WordFamiliarity = "known" | "unknown" | "foreign";
