import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wordPattern, wordsOf } from "./words.ts";

describe("wordsOf", () => {
  it.each([
    { name: "in lower case", text: "Pay MY bill", words: ["pay", "my", "bill"] },
    { name: "with apostrophes inside", text: "don't 'quote' it’s", words: ["don't", "quote", "it’s"] },
    { name: "without numbers and marks", text: "order 4471 - late!", words: ["order", "late"] },
    { name: "of other scripts", text: "мой счёт", words: ["мой", "счёт"] },
    { name: "none of nothing", text: "", words: [] },
  ])("gives words $name", ({ text, words }) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("gives the words of each text, whatever it was asked before", () => {
    const text = fc.constantFrom("my bill", "my  bill", "MY BILL", "", "pay", "don't pay");
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        for (const each of texts) expect(wordsOf(each)).toEqual(each.toLowerCase().match(wordPattern) ?? []);
      }),
    );
  });

  it("finds in plain text what the pattern finds in any", () => {
    const plain = fc.string({ unit: fc.constantFrom(..."abZ'-_ 5.\t") });
    fc.assert(
      fc.property(fc.oneof(plain, fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })), (text) => {
        expect(wordsOf(text)).toEqual(text.toLowerCase().match(wordPattern) ?? []);
      }),
      { numRuns: 500 },
    );
  });
});
