/** Vectors that survive a rebuild of the index, so that a change of one agent embeds only its own texts again. */
export interface EmbeddingCache {
  get(modelId: string, text: string): Float32Array | undefined;
  set(modelId: string, text: string, vector: Float32Array): void;
}
