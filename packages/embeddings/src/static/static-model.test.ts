import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packRows } from "./packed-rows.ts";
import { createStaticModel } from "./static-model.ts";
import { createVocabulary } from "./wordpiece.ts";

describe("createStaticModel", () => {
  it("adds up the rows of the pieces from the first row on and brings the sum to length 1", async () => {
    const vocabulary = createVocabulary(["[UNK]", "marker", "pay", "bill"]);
    if (vocabulary === undefined) throw new Error("no vocabulary");
    const rows = Int8Array.of(1, 2, 2, 2);
    const model = createStaticModel("tiny", { ...packRows(rows, 2), firstRow: 2 }, vocabulary);
    const texts = ["pay bill", "bill", "marker", "other pay"];
    const vectors = await model.embed(texts, { signal: new AbortController().signal });
    const expected = [
      [0.6, 0.8],
      [Math.SQRT1_2, Math.SQRT1_2],
      [0, 0],
      [1 / Math.sqrt(5), 2 / Math.sqrt(5)],
    ];
    for (const [i, vector] of vectors.entries()) {
      expect(vector[0]).toBeCloseTo(expected[i]?.[0] ?? Number.NaN, 6);
      expect(vector[1]).toBeCloseTo(expected[i]?.[1] ?? Number.NaN, 6);
    }
  });

  it("lets rare pieces count more in a query", async () => {
    const pieces = ["the", "bill"];
    const fillers = Array.from({ length: 998 }, (_, i) => `filler${i}`);
    const vocabulary = createVocabulary(["[UNK]", "the", ...fillers, "bill"]);
    if (vocabulary === undefined) throw new Error("no vocabulary");
    const rows = Int8Array.from({ length: 2000 }, (_, i) => (i === 0 || i === 1999 ? 100 : 0));
    const model = createStaticModel("tiny", { ...packRows(rows, 2), firstRow: 1 }, vocabulary);
    const { signal } = new AbortController();
    const [plain] = await model.embed([pieces.join(" ")], { signal });
    const [query] = await model.embed([pieces.join(" ")], { signal, purpose: "query" });
    expect(plain?.[1]).toBeCloseTo(plain?.[0] ?? 0, 6);
    // (1009/1000)^0.2 against (10/1000)^0.2
    expect((query?.[1] ?? 0) / (query?.[0] ?? 1)).toBeCloseTo(100.9 ** 0.2, 3);
  });

  it("gives a text the same vectors whatever it was asked before", async () => {
    const vocabulary = createVocabulary(["[UNK]", "pay", "bill", "##s", "my"]);
    if (vocabulary === undefined) throw new Error("no vocabulary");
    const table = { ...packRows(Int8Array.of(3, 4, 1, 0, -7, 2, 5, -1), 2), firstRow: 1 };
    const { signal } = new AbortController();
    const text = fc.constantFrom("pay", "my bills", "bill", "", "pay pay my bill", "other");
    const wish = fc.record({ text, purpose: fc.constantFrom(undefined, "query" as const) });
    const kept = createStaticModel("tiny", table, vocabulary);
    await fc.assert(
      fc.asyncProperty(fc.array(wish), async (wishes) => {
        for (const { text: asked, purpose } of wishes) {
          const fresh = createStaticModel("tiny", table, vocabulary);
          const [expected] = await fresh.embed([asked], { signal, purpose });
          expect(await kept.embed([asked], { signal, purpose })).toEqual([expected]);
        }
      }),
    );
  });

  it("writes into the vectors that it is given, and takes one of its own where there is none", async () => {
    const vocabulary = createVocabulary(["[UNK]", "pay", "bill"]);
    if (vocabulary === undefined) throw new Error("no vocabulary");
    const model = createStaticModel(
      "tiny",
      { ...packRows(Int8Array.of(3, 4, 1, 0), 2), firstRow: 1 },
      vocabulary,
    );
    const { signal } = new AbortController();
    const into = [Float32Array.of(9, 9)];
    for (const purpose of [undefined, "query"] as const) {
      const [first, second] = await model.embed(["pay", "bill"], { signal, purpose, into });
      expect(first).toBe(into[0]);
      expect(first?.[0]).toBeCloseTo(0.6, 6);
      expect(second).toEqual(Float32Array.of(1, 0));
    }
  });

  it("gives a single word the same direction in a query", async () => {
    const vocabulary = createVocabulary(["[UNK]", "pay", "bill"]);
    if (vocabulary === undefined) throw new Error("no vocabulary");
    const rows = Int8Array.of(3, 4, 1, 0);
    const model = createStaticModel("tiny", { ...packRows(rows, 2), firstRow: 1 }, vocabulary);
    const { signal } = new AbortController();
    const [query] = await model.embed(["pay"], { signal, purpose: "query" });
    expect(query?.[0]).toBeCloseTo(0.6, 6);
    expect(query?.[1]).toBeCloseTo(0.8, 6);
  });
});
