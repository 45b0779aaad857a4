import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPlainName, showName } from "./plain-name.ts";

describe("S2 isPlainName", () => {
  it.each([
    { name: "ASCII", text: "view-bill_2.0", expected: true },
    { name: "nothing", text: "", expected: true },
    { name: "umlauts", text: "prüfen", expected: true },
    { name: "Cyrillic that looks like nothing else", text: "счёт", expected: true },
    { name: "Chinese", text: "账单", expected: true },
    { name: "a Cyrillic i among Latin letters", text: "b\u0456lling", expected: false },
    { name: "a Greek o among Latin letters", text: "c\u03bfpy", expected: false },
    {
      name: "Cyrillic letters only, which look like copy",
      text: "\u0441\u043e\u0440\u0443",
      expected: false,
    },
    { name: "full-width letters", text: "ｂｉｌｌ", expected: false },
    { name: "a ligature", text: "oﬃce", expected: false },
    { name: "a combining accent instead of one letter", text: "cafe\u0301", expected: false },
    { name: "a zero-width blank", text: "bill\u200bing", expected: false },
    { name: "a zero-width joiner", text: "bill\u200ding", expected: false },
    { name: "text from right to left", text: "\u202egnillib", expected: false },
    { name: "a soft hyphen", text: "bill\u00ading", expected: false },
    { name: "a line's end", text: "bill\nü", expected: false },
    { name: "a blank that does not break", text: "view\u00a0bill", expected: false },
  ])("$name: $expected", ({ text, expected }) => {
    expect(isPlainName(text)).toBe(expected);
  });

  it("lets no name pass that is another one in normal form", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        if (text.normalize("NFKC") !== text) expect(isPlainName(text)).toBe(false);
      }),
    );
  });
});

describe("showName", () => {
  it.each([
    { text: "billing", expected: "billing" },
    { text: "prüfen", expected: "prüfen" },
    { text: "b\u0456lling", expected: "b\\u{456}lling" },
    { text: "a\u200bb", expected: "a\\u{200b}b" },
  ])("writes $expected", ({ text, expected }) => {
    expect(showName(text)).toBe(expected);
  });
});
