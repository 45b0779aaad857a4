import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "./printable.ts";

const colour = new RegExp(`${"\u001b"}\\[[0-9;]*m`, "g");

describe("printable text", () => {
  it.each([
    { name: "plain words", text: "view-bill 1.0.0 → billing", expected: "view-bill 1.0.0 → billing" },
    { name: "lines and tabs", text: "a\tb\nc", expected: "a\tb\nc" },
    { name: "colours", text: "\u001b[32m✓\u001b[39m ok", expected: "\u001b[32m✓\u001b[39m ok" },
    {
      name: "several attributes at once",
      text: "\u001b[1;31mx\u001b[0m",
      expected: "\u001b[1;31mx\u001b[0m",
    },
    { name: "a cleared screen", text: "a\u001b[2Jb", expected: "a\\u001b[2Jb" },
    { name: "a moved cursor", text: "\u001b[1A\u001b[2K", expected: "\\u001b[1A\\u001b[2K" },
    { name: "a title", text: "\u001b]0;owned\u0007", expected: "\\u001b]0;owned\\u0007" },
    { name: "a link", text: "\u001b]8;;http://evil\u001b\\x", expected: "\\u001b]8;;http://evil\\u001b\\x" },
    { name: "a line that is written over", text: "safe\rEVIL", expected: "safe\\u000dEVIL" },
    { name: "a backspace", text: "ab\u0008c", expected: "ab\\u0008c" },
    { name: "the eight-bit form of an escape", text: "\u009b2J", expected: "\\u009b2J" },
    { name: "an escape at the end", text: "a\u001b", expected: "a\\u001b" },
    { name: "nothing", text: "", expected: "" },
  ])("keeps what it says: $name", ({ text, expected }) => {
    expect(printable(text)).toBe(expected);
  });

  it("has no control character beside colours, lines and tabs, whatever it was, and stays as it is then", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
        const shown = printable(text);
        const rest = shown.replaceAll(colour, "").replaceAll(/[\n\t]/g, "");
        expect(rest).not.toMatch(/\p{Cc}/u);
        expect(printable(shown)).toBe(shown);
      }),
    );
  });
});
