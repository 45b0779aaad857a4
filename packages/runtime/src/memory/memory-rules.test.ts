import { describe, expect, test } from "vitest";
import { depthExceeds, keySchema, maxValueDepth, maxValueLength, parseMemoryBody } from "./memory-rules.ts";

describe("a key", () => {
  test.each(["a", "language", "Language.de", "a-b_c.d", "0", "x".repeat(128)])("may be %j", (key) => {
    expect(keySchema.safeParse(key).success).toBe(true);
  });

  test.each([
    "",
    " ",
    "a b",
    "-a",
    ".a",
    "_a",
    "a/b",
    "../a",
    "a\u0000",
    "a\n",
    "ä",
    "а", // Cyrillic
    "a:b",
    "__proto__",
    "x".repeat(129),
  ])("may not be %j", (key) => {
    expect(keySchema.safeParse(key).success).toBe(false);
  });
});

describe("what is to be remembered", () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

  test.each([
    { name: "a text", body: { value: "x" } },
    { name: "null", body: { value: null } },
    { name: "an object", body: { value: { a: [1, true, null] } } },
    { name: "with a time", body: { value: 1, ttlSeconds: 60 } },
    { name: "as long as it may be", body: { value: "x".repeat(maxValueLength - 2) } },
    { name: "as deep as it may be", body: { value: nested(maxValueDepth) } },
  ])("may be $name", ({ body }) => {
    expect(parseMemoryBody(body)?.success).toBe(true);
  });

  test.each([
    { name: "no object", body: "x" },
    { name: "nothing", body: undefined },
    { name: "without a value", body: {} },
    { name: "of zero seconds", body: { value: 1, ttlSeconds: 0 } },
    { name: "of half a second", body: { value: 1, ttlSeconds: 0.5 } },
    { name: "of a year", body: { value: 1, ttlSeconds: 366 * 24 * 3600 } },
    { name: "with a time that is a text", body: { value: 1, ttlSeconds: "60" } },
    { name: "with more fields", body: { value: 1, writtenBy: "admin" } },
    { name: "longer than it may be", body: { value: "x".repeat(maxValueLength) } },
    { name: "deeper than it may be", body: { value: nested(maxValueDepth + 1) } },
    { name: "much deeper than it may be", body: { value: nested(5000) } },
  ])("may not be $name", ({ body }) => {
    expect(parseMemoryBody(body)?.success ?? false).toBe(false);
  });

  test.each([
    { value: 1, depth: 0 },
    { value: [], depth: 1 },
    { value: { a: { b: [] } }, depth: 3 },
  ])("%j is as deep as it is", ({ value, depth }) => {
    expect([depthExceeds(value, depth), depth > 0 && depthExceeds(value, depth - 1)]).toEqual([
      false,
      depth > 0,
    ]);
  });
});
