import { SeededRandom } from "@lmos/testing";
import fc from "fast-check";
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

interface Comparison {
  readonly name: string;
  readonly left: unknown;
  readonly right: unknown;
  readonly equal: boolean;
}

describe("jsonEqual", () => {
  it.each<Comparison>([
    { name: "members that are undefined", left: { a: 1, b: undefined }, right: { a: 1 }, equal: true },
    { name: "a member that is null", left: { a: null }, right: {}, equal: false },
    { name: "another member", left: { a: 1 }, right: { b: 1 }, equal: false },
    { name: "a longer list", left: [1, 2], right: [1], equal: false },
    { name: "an empty list and an empty object", left: [], right: {}, equal: false },
    { name: "undefined and null in a list", left: [undefined], right: [null], equal: true },
    { name: "a function in a list", left: [() => 1], right: [null], equal: true },
    { name: "a number and its text", left: 1, right: "1", equal: false },
    { name: "zeros", left: 0, right: -0, equal: true },
    { name: "what is no number", left: [Number.NaN], right: [null], equal: true },
    {
      name: "a date and its text",
      left: { at: new Date(0) },
      right: { at: "1970-01-01T00:00:00.000Z" },
      equal: true,
    },
    { name: "dates", left: new Date(0), right: new Date(1), equal: false },
    {
      name: "a name that every object inherits",
      left: { constructor: 1 },
      right: { toString: 1 },
      equal: false,
    },
    { name: "a name that the other inherits", left: JSON.parse('{"__proto__":1}'), right: {}, equal: false },
    { name: "nothing and nothing", left: undefined, right: undefined, equal: true },
    { name: "nothing and null", left: undefined, right: null, equal: false },
  ])("$name: $equal", ({ left, right, equal }) => {
    expect([jsonEqual(left, right), jsonEqual(right, left)]).toEqual([equal, equal]);
  });

  it("says what the canonical texts say, of any two values", () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.object({ maxDepth: 3, key: fc.constantFrom("a", "b", "toString"), withDate: true }),
    );
    fc.assert(
      fc.property(value, value, (left, right) => {
        expect(jsonEqual(left, right)).toBe(canonicalJson(left) === canonicalJson(right));
        expect(jsonEqual(left, structuredClone(left))).toBe(true);
      }),
    );
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
