import { describe, expect, it } from "vitest";
import { isOlderVersion } from "./resource-version.ts";

describe("isOlderVersion", () => {
  it.each([
    { left: "9", right: "10", older: true },
    { left: "10", right: "9", older: false },
    { left: "10", right: "10", older: false },
    { left: "9007199254740993", right: "9007199254740994", older: true },
    { left: "abc", right: "abd", older: false },
    { left: "", right: "1", older: false },
    { left: undefined, right: "1", older: false },
    { left: "1", right: undefined, older: false },
  ])("$left before $right: $older", ({ left, right, older }) => {
    expect(isOlderVersion(left, right)).toBe(older);
  });
});
