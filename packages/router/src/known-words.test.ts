import type { WordFamiliarity } from "@lmos/embeddings";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownWordsOf } from "./known-words.ts";

function counting(familiarity: WordFamiliarity) {
  const asked: string[] = [];
  const familiarityOf = (word: string): WordFamiliarity => {
    asked.push(word);
    return familiarity;
  };
  return { asked, familiarityOf };
}

describe("knownWordsOf", () => {
  it("gives every word with what the model makes of it, in the order of the text", () => {
    const familiarityOf = (word: string): WordFamiliarity => (word === "der" ? "foreign" : "known");
    expect(knownWordsOf("Pay der bill", familiarityOf)).toEqual({
      words: ["pay", "der", "bill"],
      familiarities: ["known", "foreign", "known"],
    });
  });

  it("asks the model once for a text that is read twice in a row", () => {
    const { asked, familiarityOf } = counting("known");
    knownWordsOf("read twice", familiarityOf);
    knownWordsOf("read twice", familiarityOf);
    expect(asked).toEqual(["read", "twice"]);
  });

  it("asks each model about the same text", () => {
    const [one, other] = [counting("known"), counting("unknown")];
    expect(knownWordsOf("shared", one.familiarityOf).familiarities).toEqual(["known"]);
    expect(knownWordsOf("shared", other.familiarityOf).familiarities).toEqual(["unknown"]);
    expect(knownWordsOf("shared", one.familiarityOf).familiarities).toEqual(["known"]);
  });

  it("says the same whatever was read before", () => {
    const familiarityOf = (word: string): WordFamiliarity => (word.length > 3 ? "known" : "unknown");
    const text = fc.constantFrom("", "pay", "my bill", "MY BILL", "don't", "zahlen möchte ich");
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        for (const each of texts) {
          const { words, familiarities } = knownWordsOf(each, familiarityOf);
          expect(familiarities).toEqual(words.map(familiarityOf));
        }
      }),
    );
  });
});
