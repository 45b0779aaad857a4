/**
 * The port through which text becomes vectors. Everything above it (router, runtime, command line) knows this
 * interface only, so that the built-in static model, ONNX models and embedding services are interchangeable.
 */
export interface EmbeddingModel {
  /** Identifies the vectors: two models with the same id give the same vector for the same text. */
  readonly id: string;
  /** Length of every vector. */
  readonly dimension: number;
  /**
   * One vector per text, in the order given: of length {@link dimension}, finite, and of Euclidean norm 1, or all
   * zeros where the model can make nothing of the text. Rejects with the signal's reason once it is aborted.
   */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly Float32Array[]>;
  /**
   * Whether this is a word of a language that the model was made for and that it knows as a whole. A model without
   * this member is taken to know every word (a multilingual one).
   */
  readonly knowsWord?: ((word: string) => boolean) | undefined;
}
