import type { StructuralSchema } from "@lmos/structural-schema";
import { describe, expect, test } from "vitest";
import { typedErrors } from "./typed-errors.ts";

const text: StructuralSchema = { type: "string" };
const int: StructuralSchema = { type: "integer" };

const schema: StructuralSchema = {
  type: "object",
  properties: {
    size: int,
    f: { type: "boolean" },
    ios: { "x-kubernetes-int-or-string": true },
    m: { type: "object", additionalProperties: int },
    open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    tags: { type: "array", items: text, "x-kubernetes-list-type": "set" },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: { type: "object", properties: { name: text, note: text } },
    },
    two: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["a", "b"],
      items: { type: "object", properties: { a: text, b: { ...int, default: 7 } } },
    },
  },
};

// As kube-apiserver 1.34.4 words them.
describe("a configuration can't be applied with", () => {
  test.each([
    [
      "one key twice",
      { parts: [{ name: "x" }, { name: "x" }] },
      '.parts: duplicate entries for key [name="x"]',
    ],
    [
      "two keys twice",
      {
        two: [
          { a: "x", b: 1 },
          { a: "x", b: 1 },
        ],
      },
      '.two: duplicate entries for key [a="x",b=1]',
    ],
    ["an item of a set twice", { tags: ["x", "x"] }, '.tags: duplicate entries for key [="x"]'],
    [
      "an item without its key",
      { parts: [{ note: "x" }] },
      '.parts: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)',
    ],
    ["a text for a number", { size: "x" }, ".size: expected numeric (int or float), got string"],
    [
      "a number for a text",
      { parts: [{ name: "x", note: 5 }] },
      '.parts[name="x"].note: expected string, got &value.valueUnstructured{Value:5}',
    ],
    ["a text for a truth value", { f: "x" }, ".f: expected boolean, got &{x}"],
    ["an object for a list", { parts: {} }, ".parts: expected list, got &{map[]}"],
    ["a list for an object", { m: [] }, ".m: expected map, got &{[]}"],
    ["a text in a map of numbers", { m: { a: "x" } }, ".m.a: expected numeric (int or float), got string"],
    [
      "a text in a list map",
      { parts: ["x"] },
      ".parts: element 0: associative list with keys may not have non-map elements",
    ],
    ["an unknown field", { siz: 1 }, ".siz: field not declared in schema"],
  ])("%s", (_name, configuration, error) => {
    expect(typedErrors(schema, configuration)).toEqual([error]);
  });
});

test("what may be anything is not looked at", () => {
  expect(typedErrors(schema, { open: { x: 1 }, ios: true, size: null, two: [{ a: "x" }] })).toEqual([]);
});
