import { canonicalJson, type JsonObject, type JsonValue } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicPatchFault } from "./strategic-patch-faults.ts";

const document: JsonObject = { metadata: { name: "x" }, spec: { size: 1, tags: ["a", "b"], "a/b": 1 } };

describe("a JSON patch", () => {
  const applied: readonly { name: string; operation: JsonObject; spec: JsonObject }[] = [
    {
      name: "adds a member",
      operation: { op: "add", path: "/spec/mode", value: "Fast" },
      spec: { size: 1, tags: ["a", "b"], "a/b": 1, mode: "Fast" },
    },
    {
      name: "appends to a list",
      operation: { op: "add", path: "/spec/tags/-", value: "c" },
      spec: { size: 1, tags: ["a", "b", "c"], "a/b": 1 },
    },
    {
      name: "replaces what an escaped path names",
      operation: { op: "replace", path: "/spec/a~1b", value: 2 },
      spec: { size: 1, tags: ["a", "b"], "a/b": 2 },
    },
    {
      name: "removes a list item",
      operation: { op: "remove", path: "/spec/tags/0" },
      spec: { size: 1, tags: ["b"], "a/b": 1 },
    },
    {
      name: "moves a member",
      operation: { op: "move", from: "/spec/size", path: "/spec/tags/0" },
      spec: { tags: [1, "a", "b"], "a/b": 1 },
    },
    {
      name: "passes a test that holds",
      operation: { op: "test", path: "/spec/size", value: 1 },
      spec: { size: 1, tags: ["a", "b"], "a/b": 1 },
    },
  ];

  test.each(applied)("$name", ({ operation, spec }) => {
    expect(jsonPatch(document, [operation])).toEqual({ kind: "patched", value: { ...document, spec } });
  });

  const refused: readonly { name: string; operation: JsonObject }[] = [
    { name: "a test that does not hold", operation: { op: "test", path: "/spec/size", value: 2 } },
    { name: "a path that is not there", operation: { op: "remove", path: "/spec/nothing" } },
    { name: "a parent that is not there", operation: { op: "add", path: "/no/thing", value: 1 } },
    { name: "an unknown operation", operation: { op: "rename", path: "/spec/size" } },
  ];

  test.each(refused)("fails as a whole for $name", ({ operation }) => {
    const operations = [{ op: "replace", path: "/spec/size", value: 9 }, operation];
    const outcome = jsonPatch(document, operations);
    expect(outcome).toEqual({ kind: "failed", reason: expect.stringMatching(/./) });
    expect(document["spec"]).toMatchObject({ size: 1 });
  });

  test.each([
    {
      name: "adds nothing as null",
      operation: { op: "add", path: "/x" },
      value: { a: { b: 1 }, l: [1], x: null },
    },
    {
      name: "replaces what is not there",
      operation: { op: "replace", path: "/a/c", value: 2 },
      value: { a: { b: 1, c: 2 }, l: [1] },
    },
    {
      name: "replaces an item, adding none",
      operation: { op: "replace", path: "/l/0", value: 2 },
      value: { a: { b: 1 }, l: [2] },
    },
    { name: "replaces the whole", operation: { op: "replace", path: "", value: { y: 1 } }, value: { y: 1 } },
  ])("$name, as kube-apiserver does", ({ operation, value }) => {
    expect(jsonPatch({ a: { b: 1 }, l: [1] }, [operation])).toEqual({ kind: "patched", value });
  });
});

describe("a strategic merge patch is refused", () => {
  const schema = {
    properties: {
      containers: {
        "x-kubernetes-patch-merge-key": "name",
        "x-kubernetes-patch-strategy": "merge",
        items: { properties: { image: {} } },
      },
    },
  };
  test.each([
    {
      name: "for an item without its key",
      patch: { containers: [{ image: "x" }] },
      fault: "map: map[image:x] does not contain declared merge key: name",
    },
    {
      name: "for a directive that is none",
      patch: { $patch: "nope" },
      fault: "unknown patch type: nope in map: map[$patch:nope]",
    },
    {
      name: "for such a directive in an item",
      patch: { containers: [{ name: "a", $patch: "nope" }] },
      fault: "unknown patch type: nope in map: map[$patch:nope name:a]",
    },
    {
      name: "for an order that is no list",
      patch: { $setElementOrder: {} },
      fault: "expected a []interface {}, but received a map[string]interface {}",
    },
    {
      name: "not for a list that is replaced",
      patch: { containers: [{ $patch: "replace" }, { name: "a" }] },
      fault: undefined,
    },
    { name: "not for plain members", patch: { a: 1, b: null, c: ["x"] }, fault: undefined },
  ])("$name", ({ patch, fault }) => expect(strategicPatchFault(patch, schema)).toBe(fault));
});

describe("a merge patch", () => {
  const rows: readonly { name: string; patch: JsonObject; result: JsonObject }[] = [
    { name: "adds and replaces members", patch: { a: 2, b: 1 }, result: { a: 2, b: 1, o: { x: 1 }, l: [1] } },
    { name: "removes by null", patch: { a: null, none: null }, result: { o: { x: 1 }, l: [1] } },
    { name: "merges objects", patch: { o: { y: null, z: 2 } }, result: { a: 1, o: { x: 1, z: 2 }, l: [1] } },
    { name: "replaces lists", patch: { l: [2, 3] }, result: { a: 1, o: { x: 1 }, l: [2, 3] } },
    {
      name: "makes an object of a number",
      patch: { a: { b: 1, c: null } },
      result: { a: { b: 1 }, o: { x: 1 }, l: [1] },
    },
  ];

  test.each(rows)("$name", ({ patch, result }) => {
    expect(mergePatch({ a: 1, o: { x: 1 }, l: [1] }, patch)).toEqual(result);
  });

  const objects = fc.dictionary(
    fc.constantFrom("a", "b", "c"),
    fc.jsonValue({ maxDepth: 3 }),
  ) as fc.Arbitrary<Record<string, JsonValue>>;

  test("applied twice is applied once", () => {
    fc.assert(
      fc.property(objects, objects, (target, patch) => {
        const once = mergePatch(target, patch);
        expect(canonicalJson(mergePatch(once, patch))).toBe(canonicalJson(once));
      }),
    );
  });

  test("changes nothing when it is empty", () => {
    fc.assert(
      fc.property(objects, (target) => {
        expect(mergePatch(target, {})).toEqual(target);
      }),
    );
  });

  test("leaves no member that it removes", () => {
    fc.assert(
      fc.property(objects, fc.constantFrom("a", "b", "c"), (target, key) => {
        expect(mergePatch(target, { [key]: null })).not.toHaveProperty(key);
      }),
    );
  });
});
