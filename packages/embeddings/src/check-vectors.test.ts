import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkVectors } from "./check-vectors.ts";

const expected = { count: 2, dimension: 2, source: "small of http://models/v1" };

describe("the vectors of an answer", () => {
  it("come at length one, those of zeros as they are", () => {
    const vectors = checkVectors(
      [
        [3, 4],
        [0, 0],
      ],
      expected,
    );
    expect(vectors.map((vector) => [...vector].map((value) => value.toFixed(2)))).toEqual([
      ["0.60", "0.80"],
      ["0.00", "0.00"],
    ]);
  });

  it.each([
    { name: "shorter", vectors: [[1], [1]], now: 1 },
    {
      name: "longer",
      vectors: [
        [1, 0, 0],
        [0, 1, 0],
      ],
      now: 3,
    },
  ])("that are all $name are those of another model", ({ vectors, now }) => {
    expect(() => checkVectors(vectors, expected)).toThrow(
      expect.objectContaining({
        code: "ModelChanged",
        message: expect.stringContaining(`vectors had 2 numbers, and now have ${now}`),
      }),
    );
  });

  it.each([
    { name: "fewer than texts", vectors: [[1, 0]], says: "1 vectors came for 2 texts" },
    {
      name: "more than texts",
      vectors: [
        [1, 0],
        [1, 0],
        [1, 0],
      ],
      says: "3 vectors came for 2 texts",
    },
    { name: "none", vectors: [], says: "0 vectors came for 2 texts" },
    { name: "one of them shorter", vectors: [[1, 0], [1]], says: "a vector has 1 numbers instead of 2" },
    {
      name: "one of them longer",
      vectors: [
        [1, 0, 0],
        [1, 0],
      ],
      says: "a vector has 3 numbers instead of 2",
    },
    {
      name: "not numbers",
      vectors: [
        [1, 0],
        [Number.NaN, 0],
      ],
      says: "a number that is not finite",
    },
    {
      name: "infinite",
      vectors: [
        [1, Number.POSITIVE_INFINITY],
        [1, 0],
      ],
      says: "a number that is not finite",
    },
    {
      name: "too large for 32 bits",
      vectors: [
        [1, 1e300],
        [1, 0],
      ],
      says: "a number that is not finite",
    },
  ])("are refused where they are $name", ({ vectors, says }) => {
    const check = (): unknown => checkVectors(vectors, expected);
    expect(check).toThrow(says);
    expect(check).toThrow("small of http://models/v1: ");
  });

  it("are all of length one or zero, whatever comes", () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(numbers, numbers, numbers), { minLength: 1, maxLength: 5 }),
        (vectors) => {
          const checked = checkVectors(vectors, { count: vectors.length, dimension: 3, source: "s" });
          for (const vector of checked) {
            const norm = Math.hypot(...vector);
            expect(norm === 0 || Math.abs(norm - 1) < 1e-3).toBe(true);
          }
        },
      ),
    );
  });
});
