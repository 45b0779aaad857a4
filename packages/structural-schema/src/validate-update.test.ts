import type { JsonObject, JsonValue } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFieldError } from "./field-error.ts";
import type { StructuralSchema } from "./structural-schema.ts";
import { validateSchema } from "./validate.ts";

const size: StructuralSchema = { type: "integer", maximum: 10 };
const schema: StructuralSchema = {
  type: "object",
  required: ["needed"],
  properties: {
    needed: { type: "string" },
    size,
    inner: { type: "object", required: ["x"], properties: { x: size, y: { type: "string", enum: ["a"] } } },
    plain: { type: "array", maxItems: 2, items: size },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: { type: "object", properties: { name: { type: "string" }, size } },
    },
    map: { type: "object", additionalProperties: size },
  },
};

const errorsOf = (value: JsonObject, old: JsonObject): readonly string[] =>
  validateSchema(schema, { needed: "n", ...value }, { needed: "n", ...old }).map(formatFieldError);

describe("an update of what is not valid any more", () => {
  test.each<{ name: string; old: JsonObject; value: JsonObject; fields: readonly string[] }>([
    { name: "may leave it", old: { size: 50 }, value: { size: 50, map: { a: 1 } }, fields: [] },
    { name: "may put it right", old: { size: 50 }, value: { size: 5 }, fields: [] },
    { name: "may take it away", old: { size: 50 }, value: {}, fields: [] },
    { name: "may not make it something else", old: { size: 50 }, value: { size: 51 }, fields: ["size"] },
    { name: "may not put it elsewhere", old: { size: 50 }, value: { map: { a: 50 } }, fields: ["map.a"] },
    {
      name: "may change a member beside it",
      old: { inner: { x: 50, y: "a" } },
      value: { inner: { x: 50 } },
      fields: [],
    },
    {
      name: "may leave an object without what it needs",
      old: { inner: { y: "b" } },
      value: { inner: { y: "b" }, size: 1 },
      fields: [],
    },
    {
      name: "may not change an object that still lacks what it needs",
      old: { inner: { y: "b" } },
      value: { inner: { y: "a" } },
      fields: ["inner.x"],
    },
    {
      name: "knows the items of a list map by their keys, in any order",
      old: { parts: [{ name: "a", size: 50 }, { name: "b" }] },
      value: {
        parts: [
          { name: "b", size: 1 },
          { name: "a", size: 50 },
        ],
      },
      fields: [],
    },
    {
      name: "may not add such an item",
      old: { parts: [{ name: "a", size: 50 }] },
      value: {
        parts: [
          { name: "a", size: 50 },
          { name: "c", size: 50 },
        ],
      },
      fields: ["parts[1].size"],
    },
    {
      name: "knows no items of other lists",
      old: { plain: [50] },
      value: { plain: [50, 1] },
      fields: ["plain[0]"],
    },
    {
      name: "may leave such a list as it is",
      old: { plain: [50, 1, 2] },
      value: { plain: [50, 1, 2] },
      fields: [],
    },
  ])("$name", ({ old, value, fields }) => {
    expect(errorsOf(value, old).map((error) => error.split(":")[0])).toEqual(fields);
  });
});

const values: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(1, 50, "a", "b"),
  fc.array(fc.constantFrom(1, 50)),
);
const objects = fc
  .dictionary(fc.constantFrom("needed", "size", "inner", "plain", "map", "x", "y"), values, {
    noNullPrototype: true,
  })
  .map((object): JsonObject => object);

test("what is unchanged as a whole has no faults", () => {
  fc.assert(
    fc.property(objects, (object) => {
      expect(validateSchema(schema, object, object)).toEqual([]);
    }),
  );
});

test("an old value never adds a fault", () => {
  fc.assert(
    fc.property(objects, objects, (object, old) => {
      const all = validateSchema(schema, object).map(formatFieldError);
      for (const error of validateSchema(schema, object, old)) expect(all).toContain(formatFieldError(error));
    }),
  );
});
