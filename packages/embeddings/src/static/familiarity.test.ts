import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WordFamiliarity } from "../model.ts";
import { createFamiliarity } from "./familiarity.ts";
import { foreignWords } from "./foreign-words.ts";
import { createVocabulary, splitWords } from "./wordpiece.ts";

const firstRow = 2;
const lines = ["[UNK]", "marker", "pay", "my", "don", "t", "'", "der", "nicht", "cafe", "5"];
const vocabulary = createVocabulary(lines);
if (vocabulary === undefined) throw new Error("no vocabulary");
const { pieces } = vocabulary;
const familiarityOf = createFamiliarity(firstRow, { pieces });

describe("createFamiliarity", () => {
  it.each<{ name: string; word: string; expected: WordFamiliarity }>([
    { name: "a word of the vocabulary", word: "pay", expected: "known" },
    { name: "a word that it has not", word: "unaffable", expected: "unknown" },
    { name: "a piece without meaning", word: "marker", expected: "unknown" },
    { name: "a word of several parts", word: "don't", expected: "known" },
    { name: "a word with a part that it has not", word: "won't", expected: "unknown" },
    { name: "a word with accents", word: "café", expected: "known" },
    { name: "a number", word: "5", expected: "known" },
    { name: "a small word of another language", word: "der", expected: "foreign" },
    { name: "such a word that the vocabulary has not", word: "porque", expected: "foreign" },
    { name: "such a word with accents", word: "où", expected: "foreign" },
    { name: "a word of another script", word: "заказ", expected: "foreign" },
    { name: "a word of two scripts", word: "payзаказ", expected: "foreign" },
    { name: "nothing", word: "", expected: "known" },
  ])("takes $name for $expected", ({ word, expected }) => {
    expect(familiarityOf(word)).toBe(expected);
  });

  /** Each part looked up in both sets, however common that is. */
  function plainFamiliarity(word: string): WordFamiliarity {
    const parts = splitWords(word);
    if (parts.some((part) => foreignWords.has(part)) || /(?!\p{Script=Latin})\p{L}/u.test(word))
      return "foreign";
    return parts.every((part) => lines.indexOf(part) >= firstRow) ? "known" : "unknown";
  }

  it("is what the two sets of words say by themselves, for any word", () => {
    const known = fc.constantFrom(...lines, ...foreignWords);
    const word = fc.oneof(
      known,
      fc.stringMatching(/^[a-z]{1,6}$/),
      fc.string({ unit: "grapheme", maxLength: 6 }),
      fc.tuple(known, fc.constantFrom("'", "-", "é", "5"), known).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(word, (any) => {
        const lower = any.toLowerCase();
        expect(familiarityOf(lower)).toBe(plainFamiliarity(lower));
      }),
      { numRuns: 500 },
    );
  });
});
