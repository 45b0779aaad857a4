import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression } from "./regular-expression.ts";

function isMatch(pattern: string, text: string): boolean {
  const compiled = compileExpression(pattern);
  if (compiled.kind === "malformed") throw new Error(compiled.reason);
  return compiled.expression.test(text);
}

describe("a pattern", () => {
  test.each([
    { pattern: "^[a-z]+$", text: "abc", matches: true },
    { pattern: "^[a-z]+$", text: "aBc", matches: false },
    { pattern: "b", text: "abc", matches: true },
    { pattern: "", text: "", matches: true },
    { pattern: "(?i)^ABC$", text: "abc", matches: true },
    { pattern: "a(?i)b", text: "aB", matches: true },
    { pattern: "^\\-\\_$", text: "-_", matches: true },
    { pattern: "^\\p{L}+$", text: "é", matches: true },
    { pattern: "^[[:alpha:]]+\\z", text: "abc", matches: true },
    { pattern: "^.$", text: "😀", matches: true },
    { pattern: "^.$", text: "\n", matches: false },
    { pattern: "(?s)^.$", text: "\n", matches: true },
  ])("$pattern on $text: $matches", ({ pattern, text, matches }) => {
    expect(isMatch(pattern, text)).toBe(matches);
  });

  test.each([
    { pattern: "(", reason: "error parsing regexp: missing closing ): `(`" },
    { pattern: "[a", reason: "error parsing regexp: missing closing ]: `[a`" },
    { pattern: "*", reason: "error parsing regexp: missing argument to repetition operator: `*`" },
    { pattern: "a{2,1}", reason: "error parsing regexp: invalid repeat count: `{2,1}`" },
    { pattern: "(?=a)", reason: "error parsing regexp: invalid or unsupported Perl syntax: `(?=`" },
    { pattern: "(a)\\1", reason: "error parsing regexp: invalid escape sequence: `\\1`" },
  ])("$pattern is none, in the words of Go", ({ pattern, reason }) => {
    expect(compileExpression(pattern)).toEqual({ kind: "malformed", reason });
  });

  test("finds its matches from left to right, as many as are wanted", () => {
    const compiled = compileExpression("[0-9]+");
    const { expression } = compiled.kind === "compiled" ? compiled : {};
    expect([0, 1, 9].map((most) => expression?.matches("a1b22c333", most))).toEqual([
      [],
      ["1"],
      ["1", "22", "333"],
    ]);
  });

  test("on which others backtrack for ever is done at once", () => {
    expect(isMatch("^(a+)+$", `${"a".repeat(5_000)}!`)).toBe(false);
    expect(isMatch("^(a|aa)*b$", "a".repeat(5_000))).toBe(false);
  });

  test("of plain letters matches what contains them", () => {
    const words = fc.stringMatching(/^[a-c]{0,4}$/);
    fc.assert(
      fc.property(words, words, (pattern, text) => {
        expect(isMatch(pattern, text)).toBe(text.includes(pattern));
      }),
    );
  });

  test("stays what it is after many others", () => {
    for (let index = 0; index < 1200; index += 1) compileExpression(`^${index}$`);
    expect([isMatch("^7$", "7"), isMatch("^7$", "8")]).toEqual([true, false]);
  });
});
