import { SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { backoffDelayMs } from "./backoff.ts";
import { errorMessage, isLmosError, LmosError } from "./error.ts";
import { canonicalJson, jsonEqual } from "./json.ts";

describe("backoffDelayMs", () => {
  const policy = { initialMs: 100, maxMs: 1000, factor: 2, jitter: 0 };
  it.each([
    { name: "first attempt", attempt: 0, expected: 100 },
    { name: "doubles", attempt: 2, expected: 400 },
    { name: "is capped", attempt: 30, expected: 1000 },
  ])("$name", ({ attempt, expected }) => {
    expect(backoffDelayMs(policy, attempt, new SeededRandom(1))).toBe(expected);
  });

  it("stays within its jitter", () => {
    const random = new SeededRandom(7);
    for (let attempt = 0; attempt < 50; attempt++) {
      const delay = backoffDelayMs({ ...policy, jitter: 0.5 }, 1, random);
      expect(delay).toBeGreaterThan(100);
      expect(delay).toBeLessThanOrEqual(200);
    }
  });
});

describe("canonicalJson", () => {
  it("sorts keys at every level and keeps the order of arrays", () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: undefined })).toBe('{"b":[{"c":2,"d":1}]}');
    expect(jsonEqual({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
    expect(jsonEqual([1, 2], [2, 1])).toBe(false);
  });
});

describe("LmosError", () => {
  it("keeps code, details and cause, and is known across copies of the package", () => {
    const cause = new Error("disk");
    const error = new LmosError("Broken", "it broke", { cause, details: { path: "a" } });
    expect(error).toMatchObject({ code: "Broken", details: { path: "a" }, cause });
    expect(isLmosError(error)).toBe(true);
    expect(isLmosError(cause)).toBe(false);
    expect(errorMessage("text")).toBe("text");
  });
});
