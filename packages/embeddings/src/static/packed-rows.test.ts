import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countRows, packRows } from "./packed-rows.ts";

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

  it("begins each row with a word, and fills it up with zeros", () => {
    expect(bytes(packRows(Int8Array.of(1, 2, 3, -4, 5, -6), 3).words)).toEqual([1, 2, 3, 0, 252, 5, 250, 0]);
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
