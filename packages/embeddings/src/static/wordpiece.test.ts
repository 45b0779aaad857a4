import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVocabulary, splitWords, tokenize } from "./wordpiece.ts";

const lines = readFileSync(new URL("../../models/static-en-256/vocab.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const vocabulary = createVocabulary(lines);

function pieces(text: string): readonly (string | undefined)[] {
  return vocabulary === undefined ? [] : tokenize(text, vocabulary).map((id) => lines[id]);
}

describe("tokenize", () => {
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
});

describe("splitWords", () => {
  it("gives normalised words and marks", () => {
    expect(splitWords("L'été, 2!")).toEqual(["l", "'", "ete", ",", "2", "!"]);
  });

  it("cuts plain ASCII as it cuts all other text", () => {
    const ascii = fc.string({ unit: "grapheme-ascii" });
    const space = fc.constantFrom("\t", "\n", "\r", " ");
    const text = fc.array(fc.oneof(ascii, space)).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (plain) => {
        const invisible = "\u200b"; // is left out, but is not ASCII
        expect(splitWords(plain)).toEqual(splitWords(plain + invisible));
      }),
    );
  });
});

describe("createVocabulary", () => {
  it("is undefined without a piece for the unknown", () => {
    expect(createVocabulary(["a", "b"])).toBeUndefined();
  });
});
