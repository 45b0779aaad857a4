import type { JsonObject } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergePatch } from "./merge-patch.ts";

/** The examples of RFC 7396, appendix A, as far as both are objects: others are no patches of an object. */
const rows: readonly {
  readonly document: JsonObject;
  readonly patch: JsonObject;
  readonly result: JsonObject;
}[] = [
  { document: { a: "b" }, patch: { a: "c" }, result: { a: "c" } },
  { document: { a: "b" }, patch: { b: "c" }, result: { a: "b", b: "c" } },
  { document: { a: "b" }, patch: { a: null }, result: {} },
  { document: { a: "b", b: "c" }, patch: { a: null }, result: { b: "c" } },
  { document: { a: ["b"] }, patch: { a: "c" }, result: { a: "c" } },
  { document: { a: "c" }, patch: { a: ["b"] }, result: { a: ["b"] } },
  { document: { a: { b: "c" } }, patch: { a: { b: "d", c: null } }, result: { a: { b: "d" } } },
  { document: { a: [{ b: "c" }] }, patch: { a: [1] }, result: { a: [1] } },
  { document: { e: null }, patch: { a: 1 }, result: { e: null, a: 1 } },
  { document: {}, patch: { a: { bb: { ccc: null } } }, result: { a: { bb: {} } } },
];

describe("the examples of RFC 7396", () => {
  test.each(rows.map((row) => ({ ...row, name: JSON.stringify([row.document, row.patch]) })))(
    "$name",
    ({ document, patch, result }) => {
      expect(mergePatch(document, patch)).toEqual(result);
    },
  );
});

const objects = fc
  .dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true })
  .map((value): JsonObject => JSON.parse(JSON.stringify(value)));

test("two patches one after the other are the second merged into the first, but for what it removes", () => {
  fc.assert(
    fc.property(objects, objects, objects, (document, first, second) => {
      const both = mergePatch(mergePatch(document, first), second);
      const once = mergePatch(both, second);
      expect(once).toEqual(both);
    }),
  );
});

test("neither document nor patch is changed", () => {
  fc.assert(
    fc.property(objects, objects, (document, patch) => {
      const before = JSON.stringify([document, patch]);
      mergePatch(document, patch);
      expect(JSON.stringify([document, patch])).toBe(before);
    }),
  );
});

test("any object can be made of any other by one patch, as long as it has no null", () => {
  const withoutNull = objects.filter((value) => !JSON.stringify(value).includes("null"));
  fc.assert(
    fc.property(withoutNull, withoutNull, (from, to) => {
      expect(mergePatch(from, patchBetween(from, to))).toEqual(to);
    }),
  );
});

/** The patch that turns one object into another. */
function patchBetween(from: JsonObject, to: JsonObject): JsonObject {
  const removed = Object.keys(from).filter((key) => !(key in to));
  const isObject = (value: unknown): value is JsonObject =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  return {
    ...Object.fromEntries(removed.map((key) => [key, null])),
    ...Object.fromEntries(
      Object.entries(to).map(([key, value]) => {
        const before = from[key];
        return [key, isObject(before) && isObject(value) ? patchBetween(before, value) : value];
      }),
    ),
  };
}
