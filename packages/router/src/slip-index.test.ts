import { runSteps } from "@lmos/ranking";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countWords, type WordCounts } from "./catalogue-words.ts";
import { isRepairable, SlipIndex } from "./slip-index.ts";

const countsOf = (...words: readonly string[]): WordCounts => new Map(words.map((word) => [word, 1]));

/** The same by the book: every slip a text of its own. */
function plainNearest(word: string, counts: WordCounts): string | undefined {
  const slipsOf = (text: string): readonly string[] => [
    text,
    ...text.split("").map((_, i) => text.slice(0, i) + text.slice(i + 1)),
  ];
  const own = new Set(slipsOf(word));
  return [...counts.keys()]
    .filter((other) => isRepairable(other) && slipsOf(other).some((slip) => own.has(slip)))
    .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1))[0];
}

describe("SlipIndex", () => {
  const index = new SlipIndex(countsOf("invoice", "router", "roaming", "naïve", "the", "𝒜bcd"));

  it.each([
    { name: "the word itself", word: "invoice", nearest: "invoice" },
    { name: "a letter missing at the start", word: "nvoice", nearest: "invoice" },
    { name: "a letter missing at the end", word: "invoic", nearest: "invoice" },
    { name: "a letter too many", word: "roouter", nearest: "router" },
    { name: "a wrong letter", word: "raaming", nearest: "roaming" },
    { name: "two letters swapped", word: "ruoter", nearest: "router" },
    { name: "an accent left out", word: "naive", nearest: "naïve" },
    { name: "letters of two code units", word: "𝒜bcx", nearest: "𝒜bcd" },
    { name: "two letters missing", word: "invie", nearest: undefined },
    { name: "a word too short for slips", word: "thee", nearest: undefined },
    { name: "a word of its own", word: "parcel", nearest: undefined },
  ])("finds $nearest for $name", ({ word, nearest }) => {
    expect(index.nearest(word)).toBe(nearest);
  });

  it("finds nothing among no words", () => {
    expect(new SlipIndex(countsOf()).nearest("invoice")).toBeUndefined();
  });

  it("finds what slips that are texts find, for any words", () => {
    const word = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 3, maxLength: 7 }),
      fc.string({ unit: fc.constantFrom("a", "é", "𝒜", "\ud835", "\udc9c"), minLength: 3, maxLength: 7 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.nat(3)), { maxLength: 12 }), word, (entries, asked) => {
        const counts = new Map(entries);
        fc.pre(isRepairable(asked));
        expect(new SlipIndex(counts).nearest(asked)).toBe(plainNearest(asked, counts));
      }),
      { numRuns: 500 },
    );
  });

  it("finds the same whatever the order of the texts", () => {
    const texts = ["planet planer", "plane planet", "planes"];
    const [one, other] = [texts, texts.toReversed()].map((all) => new SlipIndex(runSteps(countWords(all))));
    for (const word of ["planex", "plnet", "plne", "planess"]) {
      expect(one?.nearest(word)).toBe(other?.nearest(word));
    }
  });

  it.each([
    { length: 3, repairable: false },
    { length: 4, repairable: true },
    { length: 40, repairable: true },
    { length: 41, repairable: false },
  ])("looks for slips in words of 4 to 40 letters: $length is $repairable", ({ length, repairable }) => {
    expect(isRepairable("a".repeat(length))).toBe(repairable);
  });
});
