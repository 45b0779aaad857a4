import { describe, expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";

describe("a pattern", () => {
  test.each([
    { pattern: "^[a-z]+$", text: "abc", matches: true },
    { pattern: "^[a-z]+$", text: "aBc", matches: false },
    { pattern: "b", text: "abc", matches: true },
    { pattern: "(?i)^ABC$", text: "abc", matches: true },
    { pattern: "^\\-\\_$", text: "-_", matches: true },
    { pattern: "^\\p{L}+$", text: "é", matches: true },
    { pattern: "^.$", text: "😀", matches: true },
  ])("$pattern on $text: $matches", ({ pattern, text, matches }) => {
    expect(compilePattern(pattern)?.test(text)).toBe(matches);
  });

  test.each(["(", "[a", "*", "a{2,1}"])("%s is none", (pattern) => {
    expect(compilePattern(pattern)).toBeUndefined();
  });
});
