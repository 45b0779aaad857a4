import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitMessage } from "./split-message.ts";

describe("a message", () => {
  const rows: readonly { readonly message: string; readonly pieces: readonly string[] }[] = [
    { message: "where is my order", pieces: ["where is my order"] },
    {
      message: "my invoice is wrong, and does it rain in Berlin tomorrow?",
      pieces: ["my invoice is wrong", "does it rain in Berlin tomorrow?"],
    },
    {
      message: "Where is my parcel? And I forgot my password.",
      pieces: ["Where is my parcel?", "I forgot my password."],
    },
    { message: "the invoice of March and of April", pieces: ["the invoice of March and of April"] },
    {
      message: `I ordered a phone. ${"It never came. ".repeat(30)}`,
      pieces: [`I ordered a phone. ${"It never came. ".repeat(30)}`],
    },
    { message: "", pieces: [] },
  ];
  test.each(rows)("“$message” has its pieces", ({ message, pieces }) => {
    expect(splitMessage(message)).toEqual(pieces);
  });

  test("keeps its words, in order", () => {
    const words = (text: string): string =>
      text.toLowerCase().replace(/\b(?:and|also|then|as well as)\b|[\s,;]/g, "");
    const sentence = fc.array(
      fc.constantFrom("my", "order", "and", "rain", "also", "Berlin,", "why?", "then"),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(sentence, (parts) => {
        const message = parts.join(" ");
        expect(words(splitMessage(message).join(" "))).toBe(words(message));
      }),
    );
  });
});
