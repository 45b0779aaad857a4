import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyText } from "./any-text.ts";

describe("any text", () => {
  const texts = fc.sample(anyText({ maxLength: 50 }), { seed: 1, numRuns: 500 });

  it("is well formed, and no longer than it may be", () => {
    for (const text of texts) {
      expect(text.isWellFormed()).toBe(true);
      expect([...text].length).toBeLessThanOrEqual(50);
    }
  });

  it.each([
    { name: "nothing", pattern: /^$/ },
    { name: "a line break", pattern: /\n/ },
    { name: "other control characters", pattern: /\p{Cc}/u },
    { name: "quotes", pattern: /"/ },
    { name: "letters of other scripts", pattern: /(?![a-z])\p{L}/iu },
    { name: "characters of four bytes", pattern: /[\u{10000}-\u{10ffff}]/u },
  ])("has $name now and then", ({ pattern }) => {
    expect(texts.some((text) => pattern.test(text))).toBe(true);
  });
});
