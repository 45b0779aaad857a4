import { TermTable } from "@lmos/primitives";
import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TermFinder, type TermTables } from "./term-finder.ts";
import { type TermVisitor, termTextOf, visitPieces, visitPiecesOfWord, visitWordTerms } from "./terms.ts";
import { WordPieces } from "./word-pieces.ts";

/** Tables of all terms that the texts hold, as a catalogue enters them. */
function tablesOf(texts: readonly string[], wordPieces = new WordPieces()): TermTables {
  const tables = { words: new TermTable(), pieces: new TermTable(), wordPieces };
  for (const text of texts) {
    visitWordTerms(termTextOf(text), (...term) => tables.words.enter(...term));
    visitPieces(termTextOf(text), (...term) => tables.pieces.enter(...term));
  }
  return tables;
}

/** Every second word with its pieces at hand: the others are cut. */
function withPieces(texts: readonly string[]): TermTables {
  const tables = tablesOf(texts);
  for (const text of texts.map(termTextOf)) {
    for (let place = 0; place < text.starts.length; place += 2) {
      const word = tables.words.enter(text.text, text.starts[place] ?? 0, text.ends[place] ?? 0);
      const pieces: number[] = [];
      visitPiecesOfWord(text, place, (...term) => pieces.push(tables.pieces.enter(...term)));
      if (!tables.wordPieces.has(word)) tables.wordPieces.add(word, pieces);
    }
  }
  return tables;
}

/** The same by the book: a map of texts, and every term of the message as a text of its own. */
function plainNumbers(texts: readonly string[], message: string) {
  const numbersOf = (visitTerms: (text: string, visit: TermVisitor) => void): readonly number[] => {
    const termsOf = (text: string): readonly string[] => {
      const terms: string[] = [];
      visitTerms(text, (whole, start, end) => terms.push(whole.slice(start, end)));
      return terms;
    };
    const known = [...new Set(texts.flatMap(termsOf))];
    return termsOf(message)
      .map((term) => known.indexOf(term))
      .filter((number) => number >= 0)
      .toSorted((a, b) => a - b);
  };
  return {
    words: numbersOf((text, visit) => visitWordTerms(termTextOf(text), visit)),
    pieces: numbersOf((text, visit) => visitPieces(termTextOf(text), visit)),
  };
}

const finder = new TermFinder();

function found(message: string, tables: TermTables) {
  const { words, pieces } = finder.find(message, tables);
  return { words: [...words.toSorted()], pieces: [...pieces.toSorted()] };
}

const word = fc.oneof(
  fc.constantFrom(
    "pay",
    "paying",
    "Pay",
    "my",
    "bill",
    "a",
    "ab",
    "router",
    "ärger",
    "42",
    "don't",
    "İstanbul",
  ),
  fc.string({ unit: fc.constantFrom("a", "b", "p", "y"), minLength: 1, maxLength: 8 }),
);
const text = fc.oneof(
  fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")),
  fc.string({ unit: "grapheme" }),
  anyText(),
);

describe("TermFinder", () => {
  it("finds what a map of texts finds, whatever was read before", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), fc.array(text, { maxLength: 4 }), (texts, messages) => {
        for (const tables of [tablesOf(texts), withPieces(texts)]) {
          for (const message of [...messages, ...texts]) {
            expect(found(message, tables)).toEqual(plainNumbers(texts, message));
          }
        }
      }),
    );
  });

  it.each([
    { name: "nothing", message: "", words: 0, pieces: 0 },
    { name: "marks", message: "?!", words: 0, pieces: 0 },
    { name: "a word that no example holds", message: "zzz", words: 0, pieces: 0 },
    { name: "one word of two", message: "my cat", words: 1, pieces: 3 },
    { name: "both words, not side by side", message: "pay the my", words: 2, pieces: 9 },
    { name: "the pair", message: "PAY my", words: 3, pieces: 9 },
    { name: "the pair with marks between", message: "pay, my!", words: 3, pieces: 9 },
    { name: "a word twice", message: "my my", words: 2, pieces: 6 },
    { name: "the beginning of a word", message: "pa", words: 0, pieces: 1 },
  ])("finds the terms of $name", ({ message, words, pieces }) => {
    const terms = found(message, tablesOf(["pay my bill"]));
    expect(terms.words).toHaveLength(words);
    expect(terms.pieces).toHaveLength(pieces);
  });

  it("reads a text that is longer than all before", () => {
    const long = "pay my bill ".repeat(500).trim();
    const terms = found(long, tablesOf(["pay my bill"]));
    expect(terms.words).toHaveLength(3 * 500 + 2 * 500); // "bill pay" is no pair of the catalogue
  });

  it("gives arrays that the next text overwrites", () => {
    const tables = tablesOf(["pay my bill", "router"]);
    const first = finder.find("router", tables).words;
    const before = [...first];
    finder.find("bill", tables);
    expect([...first]).not.toEqual(before);
  });
});
