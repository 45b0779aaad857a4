/** The small arithmetic that everything rests on, held against the plain definitions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantile } from "./quantile.ts";
import { logSumExp, softmax } from "./softmax.ts";
import { addScaled, dot, dotRows, toUnit } from "./vector.ts";

const number = fc.double({ min: -50, max: 50, noNaN: true });
const vectors = (length: number) =>
  fc.array(fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length }));

function plainDot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] ?? 0) * (right[i] ?? 0);
  return sum;
}

describe("quantile", () => {
  it.each([
    { name: "of nothing", values: [], q: 0.5, expected: undefined },
    { name: "of one value", values: [7], q: 0.1, expected: 7 },
    { name: "0, the smallest", values: [3, 1, 2], q: 0, expected: 1 },
    { name: "1, the largest", values: [3, 1, 2], q: 1, expected: 3 },
    { name: "½, the middle", values: [5, 1, 3], q: 0.5, expected: 3 },
    { name: "between two values", values: [0, 10], q: 0.25, expected: 2.5 },
    { name: "of equal values", values: [4, 4, 4], q: 0.9, expected: 4 },
  ])("$name", ({ values, q, expected }) => {
    expect(quantile(values, q)).toBe(expected);
  });

  it("grows with q, lies within the values, and does not care about their order", () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), fc.nat(100), fc.nat(100), (values, a, b) => {
        const [low = 0, high = 0] = [a, b]
          .toSorted((x, y) => x - y)
          .map((share) => quantile(values, share / 100));
        expect(low).toBeLessThanOrEqual(high + 1e-9);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        expect(quantile(values.toReversed(), a / 100)).toBe(quantile(values, a / 100));
      }),
    );
  });

  it("leaves its values as they were", () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe("softmax", () => {
  it("sums to one, keeps the order, and its energy is the logarithm of the sum", () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 30 }), (scores) => {
        const probabilities = new Float64Array(scores.length);
        const energy = softmax(scores, probabilities);
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
        expect(energy).toBeCloseTo(Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)), 9);
        for (const [i, score] of scores.entries()) {
          for (const [j, other] of scores.entries()) {
            if (score > other) expect(probabilities[i]).toBeGreaterThanOrEqual(probabilities[j] ?? 0);
          }
        }
      }),
    );
  });

  it("does not change when all scores move alike, however far", () => {
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 1 }),
        fc.constantFrom(-1e5, -300, 300, 1e5),
        (scores, shift) => {
          const [plain, moved] = [new Float64Array(scores.length), new Float64Array(scores.length)];
          const energy = softmax(scores, plain);
          const shifted = softmax(
            scores.map((score) => score + shift),
            moved,
          );
          expect(shifted).toBeCloseTo(energy + shift, 5);
          for (const [i, p] of plain.entries()) expect(moved[i]).toBeCloseTo(p, 5);
        },
      ),
    );
  });

  it.each([
    { name: "nothing", scores: [], energy: Number.NEGATIVE_INFINITY },
    { name: "one score", scores: [3], energy: 3 },
    { name: "two equal scores", scores: [1, 1], energy: 1 + Math.LN2 },
    { name: "scores beyond what exp can hold", scores: [5000, 0], energy: 5000 },
    { name: "scores below it", scores: [-5000, -5000], energy: -5000 + Math.LN2 },
  ])("has an energy of $energy for $name", ({ scores, energy }) => {
    expect(logSumExp(scores)).toBeCloseTo(energy, 9);
  });
});

describe("vectors", () => {
  it.each([0, 1, 3, 4, 5, 8, 31])("of length %i are multiplied as defined", (length) => {
    fc.assert(
      fc.property(vectors(length), (rows) => {
        const [first = new Float32Array(length), ...others] = rows.map((row) => Float32Array.from(row));
        const products = dotRows(others, first);
        expect(products).toHaveLength(others.length);
        for (const [i, other] of others.entries()) {
          expect(products[i]).toBeCloseTo(plainDot(other, first), 3);
          expect(dot(other, first)).toBeCloseTo(plainDot(other, first), 3);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("have length 1 as units, and point where they pointed", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -9, max: 9, noNaN: true }), { minLength: 1 }), (values) => {
        const vector = Float32Array.from(values);
        const norm = Math.sqrt(dot(vector, vector));
        fc.pre(norm > 1e-3);
        const scaled = toUnit(vector.slice());
        expect(Math.sqrt(dot(scaled, scaled))).toBeCloseTo(1, 4);
        expect(dot(scaled, vector)).toBeCloseTo(norm, 2);
      }),
    );
  });

  it("of zeros stay as they are", () => {
    const zeros = new Float32Array(4);
    expect(toUnit(zeros)).toBe(zeros);
  });

  it("are added to a target, scaled", () => {
    const target = Float64Array.from([1, 2, 3]);
    addScaled(target, [1, 1, 1], 0.5);
    addScaled(target, [2, 0, -2], -1);
    expect([...target]).toEqual([-0.5, 2.5, 5.5]);
  });
});
