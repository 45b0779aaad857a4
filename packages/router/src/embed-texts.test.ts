import type { EmbeddingModel } from "@lmos/embeddings";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { embedTexts } from "./embed-texts.ts";
import { createEmbeddingCache } from "./embedding-cache.ts";

const { signal } = new AbortController();

function counting(id = "m"): { readonly model: EmbeddingModel; readonly batches: (readonly string[])[] } {
  const batches: (readonly string[])[] = [];
  const embed: EmbeddingModel["embed"] = async (texts, options) => {
    options.signal.throwIfAborted();
    batches.push(texts);
    return texts.map((text) => Float32Array.from([text.length]));
  };
  return { batches, model: { id, dimension: 1, embed } };
}

describe("embedTexts", () => {
  it("embeds each text once, however often it comes", async () => {
    const { model, batches } = counting();
    const vectors = await embedTexts(["a", "bb", "a", "a"], { embedding: model, signal });
    expect(batches.flat()).toEqual(["a", "bb"]);
    expect(vectors.get("bb")?.[0]).toBe(2);
  });

  it("embeds nothing that is in the cache, and keeps what it embeds", async () => {
    const { model, batches } = counting();
    const cache = createEmbeddingCache({ maxEntries: 10 });
    await embedTexts(["a", "b"], { embedding: model, cache, signal });
    await embedTexts(["b", "c", "a"], { embedding: model, cache, signal });
    expect(batches.flat()).toEqual(["a", "b", "c"]);
  });

  it("does not take the vectors of another model from the cache", async () => {
    const cache = createEmbeddingCache({ maxEntries: 10 });
    const [one, other] = [counting("one"), counting("other")];
    await embedTexts(["a"], { embedding: one.model, cache, signal });
    await embedTexts(["a"], { embedding: other.model, cache, signal });
    expect(other.batches.flat()).toEqual(["a"]);
  });

  it("gives every text its vector, in batches of 256, whatever the cache holds", async () => {
    const texts = fc.array(
      fc.nat(700).map((n) => `text ${n}`),
      { maxLength: 900 },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(400), async (all, maxEntries) => {
        const { model, batches } = counting();
        const cache = createEmbeddingCache({ maxEntries });
        await embedTexts(all.slice(0, 100), { embedding: model, cache, signal });
        const vectors = await embedTexts(all, { embedding: model, cache, signal });
        for (const text of all) expect(vectors.get(text)?.[0]).toBe(text.length);
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(256);
        expect(cache.size).toBeLessThanOrEqual(maxEntries);
      }),
      { numRuns: 20 },
    );
  });

  it("names the model that gives too few vectors", async () => {
    const { model } = counting("lazy");
    const lazy = { ...model, embed: async () => [] };
    await expect(embedTexts(["a"], { embedding: lazy, signal })).rejects.toThrow(
      "model lazy gave no vector for text 0",
    );
  });

  it("stops with the reason of the signal", async () => {
    const { model } = counting();
    const stopped = AbortSignal.abort(new Error("enough"));
    await expect(embedTexts(["a"], { embedding: model, signal: stopped })).rejects.toThrow("enough");
  });
});
