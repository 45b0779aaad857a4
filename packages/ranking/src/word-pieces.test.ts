import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WordPieces } from "./word-pieces.ts";

function piecesOf(words: WordPieces, word: number): readonly number[] {
  const target = new Int32Array(5000);
  return [...target.subarray(0, words.write(word, target, 0))];
}

describe("WordPieces", () => {
  it("gives the pieces of a word, as often as they were there", () => {
    const words = new WordPieces();
    words.add(3, [7, 8, 7]);
    words.add(0, [1]);
    expect(piecesOf(words, 3)).toEqual([7, 8, 7]);
    expect(piecesOf(words, 0)).toEqual([1]);
  });

  it.each([
    { name: "below one that is here", word: 2 },
    { name: "above all that are", word: 9 },
    { name: "beyond all memory", word: 1_000_000 },
    { name: "of no number", word: -1 },
  ])("has nothing of a word $name", ({ word }) => {
    const words = new WordPieces();
    words.add(3, [7]);
    expect(words.has(word)).toBe(false);
    expect(piecesOf(words, word)).toEqual([]);
  });

  it("writes behind what is there already", () => {
    const words = new WordPieces();
    words.add(1, [5, 6]);
    const target = Int32Array.of(1, 2, 0, 0);
    expect(words.write(1, target, 2)).toBe(4);
    expect([...target]).toEqual([1, 2, 5, 6]);
  });

  const entries = fc.uniqueArray(
    fc.tuple(fc.nat(300), fc.array(fc.nat(9999), { minLength: 1, maxLength: 40 })),
    { maxLength: 80, selector: ([word]) => word },
  );

  it("holds what a map would, also when it is trimmed and grows again", () => {
    fc.assert(
      fc.property(entries, fc.nat(80), (all, trimmedAfter) => {
        const words = new WordPieces();
        for (const [i, [word, pieces]] of all.entries()) {
          words.add(word, pieces);
          if (i === trimmedAfter) words.trim();
        }
        for (const [word, pieces] of all) {
          expect(words.has(word)).toBe(true);
          expect(piecesOf(words, word)).toEqual(pieces);
        }
      }),
    );
  });

  it("is not changed by what is added to a copy", () => {
    const words = new WordPieces();
    words.add(1, [5, 6]);
    words.trim();
    const copy = words.copy();
    copy.add(2, [7]);
    expect(words.has(2)).toBe(false);
    expect(piecesOf(copy, 1)).toEqual([5, 6]);
    expect(piecesOf(copy, 2)).toEqual([7]);
  });
});
