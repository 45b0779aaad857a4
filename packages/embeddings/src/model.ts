/**
 * The port through which text becomes vectors. Everything above it (router, runtime, command line) knows this
 * interface only, so that the built-in static model, ONNX models and embedding services are interchangeable.
 */
export interface EmbeddingModel {
  /** Identifies the vectors: two models with the same id give the same vector for the same text and purpose. */
  readonly id: string;
  /** Length of every vector. */
  readonly dimension: number;
  /** The languages (BCP 47, such as `en`) that it was made for; left out where that is not known, or they are many. */
  readonly languages?: readonly string[] | undefined;
  /** True when it asks a service, which may be slow or away. */
  readonly isRemote?: boolean | undefined;
  /**
   * What the service serves now, for models behind one: after `embed` has rejected with an EmbeddingsError `ModelChanged`
   * there is a model of another id, or of the same one where the service has gone back. Rejects as loading the model does.
   */
  readonly reload?: ((options: { readonly signal: AbortSignal }) => Promise<EmbeddingModel>) | undefined;
  /**
   * One vector per text, in the order given: of length {@link dimension}, finite, and of Euclidean norm 1, or all
   * zeros where the model can make nothing of the text. Rejects with the signal's reason once it is aborted. A model that
   * has nothing to wait for may give the vectors themselves: a turn then goes on without letting others go first.
   */
  embed(
    texts: readonly string[],
    options: EmbedOptions,
  ): Promise<readonly Float32Array[]> | readonly Float32Array[];
  /**
   * What the model makes of one word. A model without this member is taken to know every word (a multilingual one).
   */
  readonly familiarityOf?: ((word: string) => WordFamiliarity) | undefined;
}

/** How texts are embedded. */
export interface EmbedOptions {
  readonly signal: AbortSignal;
  /**
   * `query`: the texts are to be compared with others, not to be found. A model may read them in another way, for
   * example with more weight on rare words; their vectors are in the same space. Left out: as all other texts.
   */
  readonly purpose?: "query" | undefined;
  /**
   * Vectors of the model's dimension that it may write the answer into and give back, one a text; it may as well give
   * others. For those who need a vector for a moment: an array of its own costs more than what the built-in model does to
   * fill it.
   */
  readonly into?: readonly Float32Array[] | undefined;
}

/**
 * `known`: a word of the model's language that it knows as a whole. `unknown`: a word that it can only spell, such as a
 * rare name, a slip of the pen or a word of another language. `foreign`: a common small word of another language.
 */
export type WordFamiliarity = "known" | "unknown" | "foreign";
