import { describe, expect, it } from "vitest";
import { cacheVectors } from "./cached-model.ts";
import type { EmbeddingModel, EmbedOptions } from "./model.ts";
import { loadStaticModel } from "./static/load-static-model.ts";
import { embeddingModelCases } from "./testing/embedding-model-cases.ts";

const { signal } = new AbortController();

/** A model that keeps what it was asked. */
function recording(): { readonly model: EmbeddingModel; readonly asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  const model: EmbeddingModel = {
    id: "recording",
    dimension: 1,
    embed: async (texts) => {
      asked.push(texts);
      return texts.map((text) => Float32Array.of(text.length));
    },
  };
  return { model, asked };
}

describe("the built-in model with a cache", () => {
  it.each(embeddingModelCases)("$name", async ({ check }) =>
    check(cacheVectors(await loadStaticModel({ signal }), { maxEntries: 3 })),
  );
});

describe("cacheVectors", () => {
  it("asks for each text once", async () => {
    const { model, asked } = recording();
    const cached = cacheVectors(model, { maxEntries: 10 });
    await cached.embed(["a", "bb", "a"], { signal });
    const vectors = await cached.embed(["bb", "ccc", "a"], { signal });
    expect(asked).toEqual([["a", "bb"], ["ccc"]]);
    expect(vectors.map(([first]) => first)).toEqual([2, 3, 1]);
  });

  it("asks nothing where it knows all", async () => {
    const { model, asked } = recording();
    const cached = cacheVectors(model, { maxEntries: 10 });
    await cached.embed(["a"], { signal });
    await cached.embed(["a"], { signal });
    await cached.embed([], { signal });
    expect(asked).toHaveLength(1);
  });

  it("keeps queries apart from texts, and passes the purpose on", async () => {
    const asked: unknown[] = [];
    const model: EmbeddingModel = {
      ...recording().model,
      embed: async (texts, { purpose }) => {
        asked.push([texts, purpose]);
        return texts.map(() => Float32Array.of(purpose === "query" ? 1 : 2));
      },
    };
    const cached = cacheVectors(model, { maxEntries: 10 });
    const first = async (purpose?: "query") => (await cached.embed(["a"], { signal, purpose }))[0]?.[0];
    expect([await first(), await first("query"), await first(), await first("query")]).toEqual([2, 1, 2, 1]);
    expect(asked).toEqual([
      [["a"], undefined],
      [["a"], "query"],
    ]);
  });

  it("forgets the longest unused", async () => {
    const { model, asked } = recording();
    const cached = cacheVectors(model, { maxEntries: 2 });
    for (const text of ["a", "b", "a", "c", "a", "b"]) await cached.embed([text], { signal });
    expect(asked.flat()).toEqual(["a", "b", "c", "b"]);
  });

  it("gives all vectors of one call, also more than it keeps", async () => {
    const cached = cacheVectors(recording().model, { maxEntries: 1 });
    const vectors = await cached.embed(["a", "bb", "ccc"], { signal });
    expect(vectors.map(([first]) => first)).toEqual([1, 2, 3]);
  });

  it("keeps no vector that is written into again", async () => {
    const model = {
      ...recording().model,
      embed: async (texts: readonly string[], { into }: EmbedOptions) =>
        texts.map((text, i) => (into?.[i] ?? new Float32Array(1)).fill(text.length)),
    };
    const cached = cacheVectors(model, { maxEntries: 9 });
    const into = [new Float32Array(1)];
    for (const text of ["a", "bb", "a"]) {
      expect(await cached.embed([text], { signal, into })).toEqual([Float32Array.of(text.length)]);
    }
  });

  it("remembers nothing of a failure", async () => {
    const { model, asked } = recording();
    let failing = true;
    const cached = cacheVectors(
      { ...model, embed: (...call) => (failing ? Promise.reject(new Error("away")) : model.embed(...call)) },
      { maxEntries: 9 },
    );
    await expect(cached.embed(["a"], { signal })).rejects.toThrow("away");
    failing = false;
    await cached.embed(["a"], { signal });
    expect(asked).toEqual([["a"]]);
  });

  it("remembers nothing of the model before, once it is loaded again", async () => {
    const { model, asked } = recording();
    const next = recording();
    const cached = cacheVectors(
      { ...model, reload: async () => ({ ...next.model, id: "next" }) },
      { maxEntries: 9 },
    );
    await cached.embed(["a"], { signal });
    const reloaded = await cached.reload?.({ signal });
    for (let time = 0; time < 2; time++) await reloaded?.embed(["a"], { signal });
    expect([reloaded?.id, asked, next.asked]).toEqual(["next", [["a"]], [["a"]]]);
  });

  it("is not loaded again where its model cannot be", () => {
    expect(cacheVectors(recording().model, { maxEntries: 1 }).reload).toBeUndefined();
  });

  it("is the same model to those who compare", () => {
    const { model } = recording();
    expect(cacheVectors(model, { maxEntries: 1 })).toMatchObject({
      id: model.id,
      dimension: model.dimension,
    });
  });
});
