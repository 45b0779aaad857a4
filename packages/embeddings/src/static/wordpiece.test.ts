import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVocabulary, splitWords } from "./wordpiece.ts";

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
  it("gives every piece the number of its line", () => {
    const vocabulary = createVocabulary(["a", "[UNK]", "##b", "long"]);
    expect(vocabulary).toMatchObject({ unknownId: 1, longestPiece: "[UNK]".length });
    expect(["a", "[UNK]", "##b", "long", "b"].map((piece) => vocabulary?.pieces.find(piece))).toEqual([
      0, 1, 2, 3, -1,
    ]);
  });

  it("is undefined without a piece for the unknown", () => {
    expect(createVocabulary(["a", "b"])).toBeUndefined();
  });
});
