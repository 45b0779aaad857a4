import { describe, expect, it } from "vitest";
import { tinyTokenizer } from "../testing/tiny-tokenizer.ts";
import { createTextTokenizer } from "./text-tokenizer.ts";

describe("createTextTokenizer", () => {
  it.each([
    { name: "a text between its marks", text: "Pay my bill", maxTokens: 16, expected: [2, 4, 5, 6, 3] },
    { name: "words that it does not know", text: "pay tribute", maxTokens: 16, expected: [2, 4, 1, 3] },
    {
      name: "a long text, cut, with its last mark",
      text: "pay my bill",
      maxTokens: 4,
      expected: [2, 4, 5, 3],
    },
    { name: "nothing of an empty text", text: "", maxTokens: 16, expected: [] },
    { name: "nothing of white space", text: " \n\t", maxTokens: 16, expected: [] },
    { name: "no padding that the file asks for", text: "pay", maxTokens: 16, expected: [2, 4, 3] },
  ])("gives $name", async ({ text, maxTokens, expected }) => {
    const tokenizer = await createTextTokenizer(tinyTokenizer, { maxTokens });
    expect(tokenizer.encode(text)).toEqual(expected);
  });

  it("takes no longer for a text a thousand times too long", async () => {
    const tokenizer = await createTextTokenizer(tinyTokenizer, { maxTokens: 8 });
    expect(tokenizer.encode("pay ".repeat(1_000_000))).toEqual([2, 4, 4, 4, 4, 4, 4, 3]);
  });
});
