/**
 * Vectors that survive a rebuild of an index, so that a change of one agent embeds only its own texts again. Whoever
 * rebuilds indexes owns one cache and passes it to every build. The longest unused vectors go first.
 */
export interface EmbeddingCache {
  get(modelId: string, text: string): Float32Array | undefined;
  set(modelId: string, text: string, vector: Float32Array): void;
  /** Vectors held. */
  readonly size: number;
}

/** An empty cache of at most `maxEntries` vectors (1 KB each with the built-in model). */
export function createEmbeddingCache(options: { readonly maxEntries: number }): EmbeddingCache {
  const vectors = new Map<string, Float32Array>();
  const keyOf = (modelId: string, text: string): string => JSON.stringify([modelId, text]);
  return {
    get: (modelId, text) => {
      const key = keyOf(modelId, text);
      const vector = vectors.get(key);
      if (vector !== undefined) touch(vectors, key, vector);
      return vector;
    },
    set: (modelId, text, vector) => {
      touch(vectors, keyOf(modelId, text), vector);
      for (const oldest of vectors.keys()) {
        if (vectors.size <= options.maxEntries) return;
        vectors.delete(oldest);
      }
    },
    get size() {
      return vectors.size;
    },
  };
}

/** A Map keeps the order of insertion: the entry used last comes last. */
function touch(vectors: Map<string, Float32Array>, key: string, vector: Float32Array): void {
  vectors.delete(key);
  vectors.set(key, vector);
}
