import type { JsonObject, JsonValue } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPatch } from "./json-patch.ts";

/** After RFC 6902, appendix A. */
const rows: readonly {
  readonly name: string;
  readonly document: JsonObject;
  readonly operations: readonly JsonObject[];
  /** Undefined where it is refused. */
  readonly result: JsonValue | undefined;
}[] = [
  {
    name: "A.1 adds a member",
    document: { foo: "bar" },
    operations: [{ op: "add", path: "/baz", value: "qux" }],
    result: { foo: "bar", baz: "qux" },
  },
  {
    name: "A.2 inserts into a list",
    document: { foo: ["bar", "baz"] },
    operations: [{ op: "add", path: "/foo/1", value: "qux" }],
    result: { foo: ["bar", "qux", "baz"] },
  },
  {
    name: "A.3 removes a member",
    document: { baz: "qux", foo: "bar" },
    operations: [{ op: "remove", path: "/baz" }],
    result: { foo: "bar" },
  },
  {
    name: "A.4 removes an item",
    document: { foo: ["bar", "qux", "baz"] },
    operations: [{ op: "remove", path: "/foo/1" }],
    result: { foo: ["bar", "baz"] },
  },
  {
    name: "A.5 replaces a value",
    document: { baz: "qux", foo: "bar" },
    operations: [{ op: "replace", path: "/baz", value: "boo" }],
    result: { baz: "boo", foo: "bar" },
  },
  {
    name: "A.6 moves a value",
    document: { foo: { bar: "baz", waldo: "fred" }, qux: { corge: "grault" } },
    operations: [{ op: "move", from: "/foo/waldo", path: "/qux/thud" }],
    result: { foo: { bar: "baz" }, qux: { corge: "grault", thud: "fred" } },
  },
  {
    name: "A.7 moves an item",
    document: { foo: ["all", "grass", "cows", "eat"] },
    operations: [{ op: "move", from: "/foo/1", path: "/foo/3" }],
    result: { foo: ["all", "cows", "eat", "grass"] },
  },
  {
    name: "A.8 tests that hold",
    document: { baz: "qux", foo: ["a", 2, "c"] },
    operations: [
      { op: "test", path: "/baz", value: "qux" },
      { op: "test", path: "/foo/1", value: 2 },
    ],
    result: { baz: "qux", foo: ["a", 2, "c"] },
  },
  {
    name: "A.9 a test that does not hold",
    document: { baz: "qux" },
    operations: [{ op: "test", path: "/baz", value: "bar" }],
    result: undefined,
  },
  {
    name: "A.10 adds an object",
    document: { foo: "bar" },
    operations: [{ op: "add", path: "/child", value: { grandchild: {} } }],
    result: { foo: "bar", child: { grandchild: {} } },
  },
  {
    name: "A.11 passes over members that it does not know",
    document: { foo: "bar" },
    operations: [{ op: "add", path: "/baz", value: "qux", xyz: 123 }],
    result: { foo: "bar", baz: "qux" },
  },
  {
    name: "A.12 a parent that is not there",
    document: { foo: "bar" },
    operations: [{ op: "add", path: "/baz/bat", value: "qux" }],
    result: undefined,
  },
  {
    name: "A.14 escaped names",
    document: { "/": 9, "~1": 10 },
    operations: [{ op: "test", path: "/~01", value: 10 }],
    result: { "/": 9, "~1": 10 },
  },
  {
    name: "A.15 a text is no number",
    document: { "/": 9, "~1": 10 },
    operations: [{ op: "test", path: "/~01", value: "10" }],
    result: undefined,
  },
  {
    name: "A.16 adds a list to a list",
    document: { foo: ["bar"] },
    operations: [{ op: "add", path: "/foo/-", value: ["abc", "def"] }],
    result: { foo: ["bar", ["abc", "def"]] },
  },
  {
    name: "copies a value",
    document: { a: { b: [1] } },
    operations: [{ op: "copy", from: "/a/b", path: "/c" }],
    result: { a: { b: [1] }, c: [1] },
  },
  {
    name: "an index beyond the list",
    document: { foo: ["bar"] },
    operations: [{ op: "add", path: "/foo/8", value: "baz" }],
    result: undefined,
  },
];

describe("a JSON patch", () => {
  test.each(rows)("$name", ({ document, operations, result }) => {
    const outcome = jsonPatch(document, operations);
    if (result === undefined) expect(outcome.kind).toBe("failed");
    else expect(outcome).toEqual({ kind: "patched", value: result });
  });

  test("never changes the document, whatever becomes of it", () => {
    const path = fc.constantFrom("", "/a", "/a/0", "/a/-", "/b", "/b/c", "/x");
    const operation = fc.record(
      {
        op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test", "other"),
        path,
        from: path,
        value: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: ["op", "path"], noNullPrototype: true },
    );
    const document: JsonObject = { a: [1, 2], b: { c: 3 } };
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 4 }), (operations) => {
        const outcome = jsonPatch(document, JSON.parse(JSON.stringify(operations)));
        expect(document).toEqual({ a: [1, 2], b: { c: 3 } });
        expect(["patched", "failed"]).toContain(outcome.kind);
      }),
    );
  });
});
