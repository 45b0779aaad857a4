import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type TermText, type TermVisitor, termTextOf, visitPieces, visitWordTerms } from "./terms.ts";

type Visiting = (found: TermText, visit: TermVisitor) => void;

function collect(visiting: Visiting, text: string): readonly string[] {
  const terms: string[] = [];
  visiting(termTextOf(text), (whole, start, end) => terms.push(whole.slice(start, end)));
  return terms;
}

const wordTerms = (text: string): readonly string[] => collect(visitWordTerms, text);
const pieces = (text: string): readonly string[] => collect(visitPieces, text);

describe("visitWordTerms", () => {
  it.each([
    { name: "nothing", text: "", terms: [] },
    { name: "marks only", text: "?! …", terms: [] },
    { name: "one word", text: "Pay", terms: ["pay"] },
    { name: "two words", text: "pay bill", terms: ["pay", "bill", "pay bill"] },
    { name: "words around marks", text: "Pay, my-bill!", terms: ["pay", "my", "bill", "pay my", "my bill"] },
    { name: "an apostrophe", text: "don't", terms: ["don", "t", "don t"] },
    { name: "numbers and underscores", text: "sim_2 5G", terms: ["sim_2", "5g", "sim_2 5g"] },
    { name: "letters of other scripts", text: "Straße für", terms: ["straße", "für", "straße für"] },
    { name: "a word twice", text: "no no", terms: ["no", "no", "no no"] },
  ])("finds words and pairs for $name", ({ text, terms }) => {
    expect(wordTerms(text)).toEqual(terms);
  });

  it("finds one pair less than words, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const terms = wordTerms(text);
        const pairs = terms.filter((term) => term.includes(" ")).length;
        expect(pairs).toBe(Math.max(0, terms.length - pairs - 1));
      }),
    );
  });
});

describe("visitPieces", () => {
  it.each([
    { name: "nothing", text: "", terms: [] },
    { name: "white space", text: " ", terms: [] },
    { name: "one letter, whole and once", text: "a", terms: [" a "] },
    { name: "two letters", text: "ab", terms: [" ab", "ab ", " ab "] },
    { name: "three letters", text: "pay", terms: [" pa", "pay", "ay ", " pay", "pay ", " pay "] },
    { name: "two words, each by itself", text: "a b", terms: [" a ", " b "] },
  ])("finds pieces for $name", ({ text, terms }) => {
    expect(pieces(text)).toEqual(terms);
  });

  it("finds pieces of three to five characters, but for short words, and never across words", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("pay", "bill", "a", "router", "of")), (words) => {
        for (const piece of pieces(words.join(" "))) {
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
        expect(pieces(text.toUpperCase())).toEqual(pieces(text.toUpperCase().toLowerCase()));
      }),
    );
  });
});
