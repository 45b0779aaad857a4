import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesAnyGlob, matchesGlob } from "./glob.ts";

describe("matchesGlob", () => {
  it.each([
    { pattern: "bill", text: "bill", expected: true },
    { pattern: "bill", text: "bills", expected: false },
    { pattern: "*", text: "", expected: true },
    { pattern: "*", text: "anything", expected: true },
    { pattern: "bill-*", text: "bill-view", expected: true },
    { pattern: "bill-*", text: "bill-", expected: true },
    { pattern: "bill-*", text: "bill", expected: false },
    { pattern: "*-bill", text: "view-bill", expected: true },
    { pattern: "*-bill", text: "view-bills", expected: false },
    { pattern: "a*a", text: "a", expected: false },
    { pattern: "a*a", text: "aa", expected: true },
    { pattern: "a*b*c", text: "a-b-c", expected: true },
    { pattern: "a*b*c", text: "a-c-b", expected: false },
    { pattern: "a*bc*c", text: "abc", expected: false },
    { pattern: "**", text: "x", expected: true },
    { pattern: "", text: "", expected: true },
    { pattern: "", text: "x", expected: false },
    { pattern: "a.c", text: "abc", expected: false },
    { pattern: "[a-z]*", text: "bill", expected: false },
  ])("$pattern and $text: $expected", ({ pattern, text, expected }) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("fits what a regular expression fits", () => {
    const few = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    fc.assert(
      fc.property(few, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 }), (pattern, text) => {
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(text));
      }),
    );
  });
});

it("takes any of several patterns, and none of none", () => {
  expect(matchesAnyGlob(["x", "bill-*"], "bill-view")).toBe(true);
  expect(matchesAnyGlob(["x"], "bill-view")).toBe(false);
  expect(matchesAnyGlob([], "")).toBe(false);
});
