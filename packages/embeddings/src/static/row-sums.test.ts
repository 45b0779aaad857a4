import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packRows } from "./packed-rows.ts";
import { RowSums } from "./row-sums.ts";
import type { NamedRows } from "./text-rows.ts";

/** The sum of rows of a small table; weighed where there are weights. */
function sumRows(
  rows: Int8Array,
  dimension: number,
  names: readonly number[],
  weights?: Float32Array,
): Float32Array {
  const sums = new RowSums(packRows(rows, dimension));
  return sums.write(new Float32Array(dimension), named(names), weights);
}

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

describe("RowSums", () => {
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
        const sum = sumRows(Int8Array.from(rows), dimension, names);
        expect([...sum]).toEqual(plainSum(rows, dimension, names).map((value) => value + 0));
      }),
    );
  });

  it.each([
    { name: "the largest numbers", value: 127 },
    { name: "the smallest numbers", value: -128 },
    { name: "zeros", value: 0 },
  ])("does not overflow with thousands of rows of $name", ({ value }) => {
    for (const count of [255, 256, 257, 4000]) {
      const sum = sumRows(new Int8Array(8).fill(value), 8, new Array<number>(count).fill(0));
      expect([...sum]).toEqual(new Array<number>(8).fill(value * count));
    }
  });

  it("keeps neighbours apart, whatever their signs", () => {
    fc.assert(
      fc.property(fc.array(int8, { minLength: 6, maxLength: 6 }), fc.nat({ max: 600 }), (numbers, count) => {
        const sum = sumRows(Int8Array.from(numbers), 6, new Array<number>(count).fill(0));
        expect([...sum]).toEqual(numbers.map((number) => number * count + 0));
      }),
    );
  });

  it("weighs every row where it is told to", () => {
    const rows = fc.int8Array({ minLength: 60, maxLength: 60 });
    const weights = fc.float32Array({ min: 0, max: 2, minLength: 3, maxLength: 3, noNaN: true });
    const rowNumbers = fc.array(fc.nat({ max: 2 }), { maxLength: 20 });
    fc.assert(
      fc.property(rows, weights, rowNumbers, (table, weightOf, names) => {
        const sum = sumRows(Int8Array.from(table), 20, names, weightOf);
        for (const [column, value] of sum.entries()) {
          const terms = names.map((row) => (weightOf[row] ?? 0) * (table[row * 20 + column] ?? 0));
          const expected = terms.reduce((total, term) => total + term, 0);
          const size = terms.reduce((total, term) => total + Math.abs(term), 0);
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-5 * size);
        }
      }),
    );
  });

  it("is the same whatever was added up before", () => {
    const table = packRows(Int8Array.of(1, 2, 3, -4, 5, -6), 3);
    const weights = Float32Array.of(0.5, 2);
    const wish = fc.record({
      names: fc.array(fc.nat({ max: 1 }), { maxLength: 300 }),
      by: fc.constantFrom(undefined, weights),
    });
    const kept = new RowSums(table);
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 4 }), (wishes) => {
        for (const { names, by } of wishes) {
          const used = Float32Array.of(7, 7, 7);
          expect(kept.write(used, named(names), by)).toBe(used);
          expect(used).toEqual(new RowSums(table).write(new Float32Array(3), named(names), by));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("of no row is zero", () => {
    expect([...sumRows(Int8Array.of(1, 2, 3), 3, [])]).toEqual([0, 0, 0]);
  });
});
