import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelTokens } from "./label-tokens.ts";

const texts = (selector: string) => labelTokens(selector).map(({ text }) => text);

describe("a label selector is cut", () => {
  test.each([
    ["", [""]],
    ["a=b", ["a", "=", "b", ""]],
    ["a == b , c", ["a", "==", "b", ",", "c", ""]],
    ["a!=b,!c", ["a", "!=", "b", ",", "!", "c", ""]],
    ["a notin (b,c)", ["a", "notin", "(", "b", ",", "c", ")", ""]],
    ["a===b", ["a", "==", "=", "b", ""]],
    ["n>1", ["n", ">", "1", ""]],
  ])("%j", (selector, expected) => expect(texts(selector)).toEqual(expected));

  test("without losing anything but blanks", () => {
    fc.assert(
      fc.property(fc.string(), (selector) => {
        expect(texts(selector).join("")).toBe(selector.replaceAll(/\s/g, ""));
      }),
    );
  });
});
