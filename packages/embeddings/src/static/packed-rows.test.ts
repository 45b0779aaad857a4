import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countRows, packRows, sumRows, sumWeighedRows } from "./packed-rows.ts";
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
        const sum = sumRows(packRows(Int8Array.from(rows), dimension), named(names));
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
          [...sumWeighedRows({ ...packRows(Int8Array.from(table), 5), weights: weightOf }, named(names))].map(
            plain,
          ),
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

describe("packRows", () => {
  const numbers = [127, -128, 0, -1, 1, 2, -3, 4] as const;
  const bytes = (words: Int32Array): readonly number[] => [...new Uint8Array(words.buffer).slice(0, 8)];

  it.each([
    { name: "whole words lie", offset: 0, dimension: 4, takenOver: true },
    { name: "whole words lie further on", offset: 4, dimension: 8, takenOver: true },
    { name: "numbers begin within a word", offset: 1, dimension: 4, takenOver: false },
    { name: "a row ends within a word", offset: 0, dimension: 2, takenOver: false },
  ])("keeps one table in memory where $name: $takenOver", ({ offset, dimension, takenOver }) => {
    const memory = new Int8Array(offset + numbers.length);
    memory.set(numbers, offset);
    const { words } = packRows(memory.subarray(offset), dimension);
    expect(words.buffer === memory.buffer).toBe(takenOver);
    if (!takenOver) expect([...memory.subarray(offset)]).toEqual(numbers);
  });

  it("gives the same words whether it takes the numbers over or not", () => {
    fc.assert(
      fc.property(fc.int8Array({ minLength: 24, maxLength: 24 }), (rows) => {
        const moved = new Int8Array(25);
        moved.set(rows, 1);
        const copied = packRows(moved.subarray(1), 8);
        expect(packRows(Int8Array.from(rows), 8)).toEqual(copied);
      }),
    );
  });

  it("raises every number by 128, first numbers in low bits", () => {
    expect(bytes(packRows(Int8Array.from(numbers), 8).words)).toEqual([255, 0, 128, 127, 129, 130, 125, 132]);
  });

  it.each([
    { dimension: 1, rows: 6 },
    { dimension: 3, rows: 2 },
    { dimension: 4, rows: 5 },
    { dimension: 6, rows: 1 },
  ])("knows how many rows of $dimension numbers it has", ({ dimension, rows }) => {
    expect(countRows(packRows(new Int8Array(dimension * rows), dimension))).toBe(rows);
  });
});
