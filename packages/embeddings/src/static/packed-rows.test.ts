import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packRows, sumRows, sumWeighedRows } from "./packed-rows.ts";
import type { NamedRows } from "./text-rows.ts";

const int8 = fc.integer({ min: -128, max: 127 });
const rowCount = 5;

function plainSum(rows: Int8Array, dimension: number, named: readonly number[]): readonly number[] {
  return Array.from({ length: dimension }, (_, i) =>
    named.reduce((sum, row) => sum + (rows[row * dimension + i] ?? 0), 0),
  );
}

/** In an array that is longer, as those are that were used before. */
function named(rows: readonly number[]): NamedRows {
  return { rows: Int32Array.of(...rows, 1, 0), count: rows.length };
}

/** -0 is 0. */
function plain(value: number): number {
  return value + 0;
}

describe("sumRows", () => {
  it("is what adding up number by number gives, for rows of any length", () => {
    const table = fc
      .integer({ min: 1, max: 13 })
      .chain((dimension) =>
        fc.tuple(
          fc.constant(dimension),
          fc.int8Array({ minLength: rowCount * dimension, maxLength: rowCount * dimension }),
        ),
      );
    const rowNumbers = fc.array(fc.nat({ max: rowCount - 1 }), { maxLength: 40 });
    fc.assert(
      fc.property(table, rowNumbers, ([dimension, rows], names) => {
        const sum = sumRows(packRows(rows, dimension), named(names));
        expect([...sum]).toEqual(plainSum(rows, dimension, names).map((value) => value + 0));
      }),
    );
  });

  it.each([
    { name: "the largest numbers", value: 127 },
    { name: "the smallest numbers", value: -128 },
    { name: "zeros", value: 0 },
  ])("does not overflow with thousands of rows of $name", ({ value }) => {
    const packed = packRows(new Int8Array(8).fill(value), 8);
    for (const count of [255, 256, 257, 4000]) {
      const sum = sumRows(packed, named(new Array<number>(count).fill(0)));
      expect([...sum]).toEqual(new Array<number>(8).fill(value * count));
    }
  });

  it("keeps neighbours apart, whatever their signs", () => {
    fc.assert(
      fc.property(fc.array(int8, { minLength: 6, maxLength: 6 }), fc.nat({ max: 600 }), (numbers, count) => {
        const packed = packRows(Int8Array.from(numbers), 6);
        const sum = sumRows(packed, named(new Array<number>(count).fill(0)));
        expect([...sum]).toEqual(numbers.map((number) => number * count + 0));
      }),
    );
  });

  it("weighs every row where it is told to", () => {
    const rows = fc.int8Array({ minLength: 15, maxLength: 15 });
    const weights = fc.float32Array({ minLength: 3, maxLength: 3, noNaN: true, noDefaultInfinity: true });
    const rowNumbers = fc.array(fc.nat({ max: 2 }), { maxLength: 20 });
    fc.assert(
      fc.property(rows, weights, rowNumbers, (table, weightOf, names) => {
        const expected = new Float32Array(5);
        for (const row of names) {
          for (let i = 0; i < 5; i++) {
            expected[i] = (expected[i] ?? 0) + (weightOf[row] ?? 0) * (table[row * 5 + i] ?? 0);
          }
        }
        expect(
          [...sumWeighedRows({ ...packRows(table, 5), weights: weightOf }, named(names))].map(plain),
        ).toEqual([...expected].map(plain));
      }),
    );
  });

  it("is written over what was in an array before", () => {
    const packed = packRows(Int8Array.of(1, 2, 3, -4, 5, -6), 3);
    const weighed = { ...packed, weights: Float32Array.of(0.5, 2) };
    for (const rows of [[0, 1, 1], [1], []]) {
      const used = Float32Array.of(7, 7, 7);
      expect(sumRows(packed, named(rows), used)).toBe(used);
      expect(used).toEqual(sumRows(packed, named(rows)));
      expect(sumWeighedRows(weighed, named(rows), used.fill(7))).toBe(used);
      expect(used).toEqual(sumWeighedRows(weighed, named(rows)));
    }
  });

  it("of no row is zero", () => {
    expect([...sumRows(packRows(Int8Array.of(1, 2, 3), 3), named([]))]).toEqual([0, 0, 0]);
  });
});
