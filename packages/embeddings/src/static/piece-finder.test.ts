import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PieceFinder } from "./piece-finder.ts";
import { createVocabulary, splitWords, type Vocabulary } from "./wordpiece.ts";

const lines = readFileSync(new URL("../../models/static-en-256/vocab.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const vocabulary = createVocabulary(lines);
if (vocabulary === undefined) throw new Error("no vocabulary");
const finder = new PieceFinder(vocabulary);

function pieces(text: string): readonly (string | undefined)[] {
  const { ids, count } = finder.find(text);
  return [...ids.subarray(0, count)].map((id) => lines[id]);
}

describe("PieceFinder", () => {
  it.each([
    { name: "whole words", text: "where is my order", expected: ["where", "is", "my", "order"] },
    { name: "upper case", text: "HELLO World", expected: ["hello", "world"] },
    { name: "punctuation of its own", text: "don't, ok?", expected: ["don", "'", "t", ",", "ok", "?"] },
    { name: "pieces of a rare word", text: "unaffable", expected: ["una", "##ffa", "##ble"] },
    { name: "accents", text: "Café résumé", expected: ["cafe", "resume"] },
    { name: "accents as marks of their own", text: "cafe\u0301", expected: ["cafe"] },
    { name: "CJK characters one by one", text: "我的ab", expected: ["我", "的", "ab"] },
    { name: "an emoji", text: "ok 🤷", expected: ["ok", "[UNK]"] },
    { name: "control characters inside a word", text: "or\u0000d\u200ber", expected: ["order"] },
    { name: "tabs and line ends", text: "a\tb\r\nc", expected: ["a", "b", "c"] },
    { name: "other spaces", text: "a\u00a0b\u3000c", expected: ["a", "b", "c"] },
    { name: "typographic punctuation", text: "it’s“ok”", expected: ["it", "’", "s", "“", "ok", "”"] },
    { name: "currency signs", text: "$5 +1", expected: ["$", "5", "+", "1"] },
    { name: "a word of 101 characters", text: "a".repeat(101), expected: ["[UNK]"] },
    { name: "half a surrogate pair", text: "a\ud800 b", expected: ["a", "b"] },
    { name: "nothing", text: "", expected: [] },
    { name: "white space only", text: " \n ", expected: [] },
  ])("cuts $name", ({ text, expected }) => {
    expect(pieces(text)).toEqual(expected);
  });

  it("keeps a word of 100 characters", () => {
    expect(pieces("a".repeat(100))).not.toContain("[UNK]");
  });

  it("gives ids of the vocabulary for any text, whatever its case", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(pieces(text)).not.toContain(undefined);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        expect(pieces(text.toUpperCase())).toEqual(pieces(text));
      }),
    );
  });

  it("cuts two texts with a space between them like each alone", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(pieces(`${left} ${right}`)).toEqual([...pieces(left), ...pieces(right)]);
      }),
    );
  });

  it("puts known words back together from their pieces", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,30}$/), (word) => {
        const joined = pieces(word)
          .map((piece) => piece?.replace(/^##/, ""))
          .join("");
        expect(joined).toBe(word);
      }),
    );
  });

  it("cuts any text as trying every piece of every word does, whatever it cut before", () => {
    const small = createVocabulary(["[UNK]", "a", "ab", "##b", "##ab", "'", "é", "ß", "##1", "bab"]);
    if (small === undefined) throw new Error("no vocabulary");
    const one = new PieceFinder(small);
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "A", "1", " ", "'"), maxLength: 12 }),
      fc.string({ unit: fc.constantFrom("a", "b", "é", "ß", " ", "\u200b", "我"), maxLength: 12 }),
      fc.nat({ max: 300 }).map((length) => "ab".repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        for (const each of texts) {
          const { ids, count } = one.find(each);
          expect([...ids.subarray(0, count)]).toEqual(plainPieces(each, small));
        }
      }),
    );
  });
});

/** The longest piece that fits, again and again, each tried as a text of its own. */
function plainPieces(text: string, { pieces: known, unknownId }: Vocabulary): readonly number[] {
  return splitWords(text).flatMap((word) => {
    const ids: number[] = [];
    for (let start = 0; start < word.length; ) {
      const mark = start === 0 ? "" : "##";
      let end = word.length;
      while (end > start && known.find(mark + word.slice(start, end)) < 0) end--;
      if (end === start || word.length > 100) return [unknownId];
      ids.push(known.find(mark + word.slice(start, end)));
      start = end;
    }
    return ids;
  });
}
