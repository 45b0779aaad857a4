import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pool } from "./pooling.ts";

describe("pool", () => {
  const rows = Float32Array.of(1, 0, 0, 1, 0, 1);
  it.each([
    { name: "the first token", pooling: "cls" as const, expected: [1, 0] },
    {
      name: "the mean of the tokens",
      pooling: "mean" as const,
      expected: [1 / Math.sqrt(5), 2 / Math.sqrt(5)],
    },
  ])("gives $name at length 1", ({ pooling, expected }) => {
    const vector = pool(rows, { tokens: 3, dimension: 2, pooling });
    expect(vector[0]).toBeCloseTo(expected[0] ?? Number.NaN, 6);
    expect(vector[1]).toBeCloseTo(expected[1] ?? Number.NaN, 6);
  });

  it("leaves zeros as they are", () => {
    expect([...pool(new Float32Array(4), { tokens: 2, dimension: 2, pooling: "mean" })]).toEqual([0, 0]);
  });

  it("gives the same, in whatever order tokens stand, for their mean", () => {
    const row = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (tokens) => {
        const shape = { tokens: tokens.length, dimension: 2, pooling: "mean" as const };
        expect(pool(Float32Array.from(tokens.flat()), shape)).toEqual(
          pool(Float32Array.from(tokens.toReversed().flat()), shape),
        );
      }),
    );
  });
});
