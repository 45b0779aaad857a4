import type { EmbeddingModel } from "@lmos/embeddings";
import { nextTurn } from "@lmos/primitives";
import type { EmbeddingCache } from "./embedding-cache.ts";

/** Texts embedded before others have their turn: some milliseconds with the built-in model. */
const batchSize = 256;

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
  for (let start = 0; start < missing.length; start += batchSize) {
    const batch = missing.slice(start, start + batchSize);
    const embedded = await embedding.embed(batch, { signal });
    for (const [i, text] of batch.entries()) {
      const vector = embedded[i];
      if (vector === undefined) throw new TypeError(`model ${embedding.id} gave no vector for text ${i}`);
      vectors.set(text, vector);
      cache?.set(embedding.id, text, vector);
    }
    await nextTurn();
  }
  return vectors;
}
