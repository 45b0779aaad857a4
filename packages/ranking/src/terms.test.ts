import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { characterTerms, wordTerms } from "./terms.ts";

describe("wordTerms", () => {
  it.each([
    { name: "nothing", text: "", terms: [] },
    { name: "marks only", text: "?! …", terms: [] },
    { name: "one word", text: "Pay", terms: ["w:pay"] },
    { name: "two words", text: "pay bill", terms: ["w:pay", "w:bill", "w:pay bill"] },
    {
      name: "words around marks",
      text: "Pay, my-bill!",
      terms: ["w:pay", "w:my", "w:bill", "w:pay my", "w:my bill"],
    },
    { name: "numbers and underscores", text: "sim_2 5G", terms: ["w:sim_2", "w:5g", "w:sim_2 5g"] },
    { name: "letters of other scripts", text: "Straße für", terms: ["w:straße", "w:für", "w:straße für"] },
    { name: "a word twice", text: "no no", terms: ["w:no", "w:no", "w:no no"] },
  ])("gives words and pairs for $name", ({ text, terms }) => {
    expect(wordTerms(text)).toEqual(terms);
  });

  it("gives one pair less than words, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const terms = wordTerms(text);
        const pairs = terms.filter((term) => term.includes(" ")).length;
        expect(pairs).toBe(Math.max(0, terms.length - pairs - 1));
      }),
    );
  });
});

describe("characterTerms", () => {
  it.each([
    { name: "nothing", text: "", terms: [] },
    { name: "one letter, whole and once", text: "a", terms: ["c: a "] },
    { name: "two letters", text: "ab", terms: ["c: ab", "c:ab ", "c: ab "] },
    {
      name: "three letters",
      text: "pay",
      terms: ["c: pa", "c:pay", "c:ay ", "c: pay", "c:pay ", "c: pay "],
    },
    { name: "two words, each by itself", text: "a b", terms: ["c: a ", "c: b "] },
  ])("gives pieces for $name", ({ text, terms }) => {
    expect(characterTerms(text)).toEqual(terms);
  });

  it("gives pieces of three to five characters, but for short words, and never across words", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("pay", "bill", "a", "router", "of")), (words) => {
        for (const term of characterTerms(words.join(" "))) {
          const piece = term.slice(2);
          expect(piece.length).toBeGreaterThanOrEqual(3);
          expect(piece.length).toBeLessThanOrEqual(5);
          expect(piece.trim()).not.toContain(" ");
        }
      }),
    );
  });

  it("does not care about case", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(characterTerms(text.toUpperCase())).toEqual(characterTerms(text.toUpperCase().toLowerCase()));
      }),
    );
  });
});
