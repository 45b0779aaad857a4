import { describe, expect, it } from "vitest";
import { createEmbeddingCache } from "./embedding-cache.ts";

const vector = Float32Array.of(1);

describe("createEmbeddingCache", () => {
  it("keeps models apart", () => {
    const cache = createEmbeddingCache({ maxEntries: 10 });
    cache.set("a", "text", vector);
    expect(cache.get("a", "text")).toBe(vector);
    expect(cache.get("b", "text")).toBeUndefined();
  });

  it("drops what was not used for longest", () => {
    const cache = createEmbeddingCache({ maxEntries: 2 });
    cache.set("a", "first", vector);
    cache.set("a", "second", vector);
    cache.get("a", "first");
    cache.set("a", "third", vector);
    expect(cache.size).toBe(2);
    expect(cache.get("a", "first")).toBe(vector);
    expect(cache.get("a", "second")).toBeUndefined();
  });
});
