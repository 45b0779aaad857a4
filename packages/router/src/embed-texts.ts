import type { EmbeddingModel } from "@lmos/embeddings";
import type { EmbeddingCache } from "./embedding-cache.ts";

/** Vectors of the texts, each text embedded once, those in the cache not at all. */
export async function embedTexts(
  texts: readonly string[],
  options: {
    readonly embedding: EmbeddingModel;
    readonly cache?: EmbeddingCache | undefined;
    readonly signal: AbortSignal;
  },
): Promise<ReadonlyMap<string, Float32Array>> {
  const { embedding, cache, signal } = options;
  const vectors = new Map<string, Float32Array>();
  for (const text of texts) {
    const cached = cache?.get(embedding.id, text);
    if (cached !== undefined) vectors.set(text, cached);
  }
  const missing = [...new Set(texts)].filter((text) => !vectors.has(text));
  const embedded = missing.length === 0 ? [] : await embedding.embed(missing, { signal });
  for (const [i, text] of missing.entries()) {
    const vector = embedded[i];
    if (vector === undefined) throw new TypeError(`model ${embedding.id} gave no vector for text ${i}`);
    vectors.set(text, vector);
    cache?.set(embedding.id, text, vector);
  }
  return vectors;
}
