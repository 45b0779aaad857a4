import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoredText } from "./message-text.ts";

describe("scoredText", () => {
  it.each([
    { name: "trims and joins white space", message: "  pay \n\t my  bill ", expected: "pay my bill" },
    {
      name: "drops control and direction characters",
      message: "pay\u0000\u202e my\u200bbill",
      expected: "pay my bill",
    },
    { name: "is empty for nothing but those", message: "\u0000\u2066 \n", expected: "" },
    { name: "mends half surrogate pairs", message: "a\ud800", expected: "a\ufffd" },
    { name: "keeps emoji made of several", message: "ok 👍🏽", expected: "ok 👍🏽" },
    { name: "cuts at 4,000 characters", message: "a".repeat(100_000), expected: "a".repeat(4000) },
  ])("$name", ({ message, expected }) => {
    expect(scoredText(message)).toBe(expected);
  });

  it("gives well-formed text of at most 4,000 characters, which it leaves as it is", () => {
    fc.assert(
      fc.property(anyText({ maxLength: 9000 }), (message) => {
        const text = scoredText(message);
        expect(text.length).toBeLessThanOrEqual(4000);
        expect(text.isWellFormed()).toBe(true);
        expect(scoredText(text)).toBe(text);
      }),
    );
  });
});
