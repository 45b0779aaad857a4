import { describe, expect, it } from "vitest";
import { createStaticModel } from "./static-model.ts";
import { createVocabulary } from "./wordpiece.ts";

describe("createStaticModel", () => {
  it("adds up the rows of the pieces from the first row on and brings the sum to length 1", async () => {
    const vocabulary = createVocabulary(["[UNK]", "marker", "pay", "bill"]);
    if (vocabulary === undefined) throw new Error("no vocabulary");
    const rows = Int8Array.of(1, 2, 2, 2);
    const model = createStaticModel("tiny", { rows, dimension: 2, firstRow: 2 }, vocabulary);
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
});
