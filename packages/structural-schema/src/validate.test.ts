import type { JsonValue } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDefaults } from "./defaults.ts";
import { formatFieldError } from "./field-error.ts";
import { pruneUnknown } from "./prune.ts";
import type { StructuralSchema } from "./structural-schema.ts";
import { validateSchema } from "./validate.ts";

function errorsOf(schema: StructuralSchema, value: JsonValue): readonly string[] {
  return validateSchema({ type: "object", properties: { a: schema } }, { a: value }).map(formatFieldError);
}

/** A keyword, a value that it takes and one that it does not, with the words of Kubernetes. */
const rows: readonly {
  readonly name: string;
  readonly schema: StructuralSchema;
  readonly fits: readonly JsonValue[];
  readonly misfit: JsonValue;
  readonly errors: readonly string[];
}[] = [
  {
    name: "a text",
    schema: { type: "string" },
    fits: ["", "x"],
    misfit: 1,
    errors: ['a: Invalid value: "integer": a in body must be of type string: "integer"'],
  },
  {
    name: "an integer",
    schema: { type: "integer" },
    fits: [0, -1, 5],
    misfit: 1.5,
    errors: ['a: Invalid value: "number": a in body must be of type integer: "number"'],
  },
  {
    name: "a number",
    schema: { type: "number" },
    fits: [1, 1.5],
    misfit: "1",
    errors: ['a: Invalid value: "string": a in body must be of type number: "string"'],
  },
  {
    name: "a boolean",
    schema: { type: "boolean" },
    fits: [true, false],
    misfit: null,
    errors: ['a: Invalid value: "null": a in body must be of type boolean: "null"'],
  },
  {
    name: "an object",
    schema: { type: "object" },
    fits: [{}, { x: 1 }],
    misfit: [],
    errors: ['a: Invalid value: "array": a in body must be of type object: "array"'],
  },
  {
    name: "a list",
    schema: { type: "array", items: { type: "string" } },
    fits: [[], ["x"]],
    misfit: {},
    errors: ['a: Invalid value: "object": a in body must be of type array: "object"'],
  },
  {
    name: "null where it may be",
    schema: { type: "string", nullable: true },
    fits: [null, "x"],
    misfit: 1,
    errors: ['a: Invalid value: "integer": a in body must be of type string: "integer"'],
  },
  {
    name: "a number or a text",
    schema: { "x-kubernetes-int-or-string": true },
    fits: [1, "1"],
    misfit: true,
    errors: ['a: Invalid value: "boolean": a in body must be of type integer,string: "boolean"'],
  },
  {
    name: "a minimum",
    schema: { type: "integer", minimum: 1 },
    fits: [1, 2],
    misfit: 0,
    errors: ["a: Invalid value: 0: a in body should be greater than or equal to 1"],
  },
  {
    name: "an exclusive minimum",
    schema: { type: "integer", minimum: 1, exclusiveMinimum: true },
    fits: [2],
    misfit: 1,
    errors: ["a: Invalid value: 1: a in body should be greater than 1"],
  },
  {
    name: "a maximum",
    schema: { type: "number", maximum: 1 },
    fits: [1, 0.5],
    misfit: 1.5,
    errors: ["a: Invalid value: 1.5: a in body should be less than or equal to 1"],
  },
  {
    name: "an exclusive maximum",
    schema: { type: "number", maximum: 1, exclusiveMaximum: true },
    fits: [0.5],
    misfit: 1,
    errors: ["a: Invalid value: 1: a in body should be less than 1"],
  },
  {
    name: "a multiple",
    schema: { type: "number", multipleOf: 0.5 },
    fits: [0, 1.5],
    misfit: 0.7,
    errors: ["a: Invalid value: 0.7: a in body should be a multiple of 0.5"],
  },
  {
    name: "a shortest text",
    schema: { type: "string", minLength: 2 },
    fits: ["ab", "éé"],
    misfit: "a",
    errors: ['a: Invalid value: "a": a in body should be at least 2 chars long'],
  },
  {
    name: "a longest text",
    schema: { type: "string", maxLength: 1 },
    fits: ["a", "😀"],
    misfit: "ab",
    errors: ["a: Too long: may not be more than 1 byte"],
  },
  {
    name: "a pattern",
    schema: { type: "string", pattern: "^a+$" },
    fits: ["aa"],
    misfit: "ab",
    errors: ["a: Invalid value: \"ab\": a in body should match '^a+$'"],
  },
  {
    name: "a format",
    schema: { type: "string", format: "ipv4" },
    fits: ["1.2.3.4"],
    misfit: "1.2",
    errors: ['a: Invalid value: "1.2": a in body must be of type ipv4: "1.2"'],
  },
  {
    name: "one of some values",
    schema: { type: "string", enum: ["x", "y"] },
    fits: ["x", "y"],
    misfit: "z",
    errors: ['a: Unsupported value: "z": supported values: "x", "y"'],
  },
  {
    name: "fewest items",
    schema: { type: "array", minItems: 1 },
    fits: [[1]],
    misfit: [],
    errors: ["a: Invalid value: 0: a in body should have at least 1 items"],
  },
  {
    name: "most items",
    schema: { type: "array", maxItems: 1 },
    fits: [[], [1]],
    misfit: [1, 2],
    errors: ["a: Too many: 2: must have at most 1 item"],
  },
  {
    name: "items",
    schema: { type: "array", items: { type: "integer" } },
    fits: [[1, 2]],
    misfit: [1, "x"],
    errors: ['a[1]: Invalid value: "string": a[1] in body must be of type integer: "string"'],
  },
  {
    name: "a set",
    schema: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
    fits: [["x", "y"]],
    misfit: ["x", "y", "x"],
    errors: ['a[2]: Duplicate value: "x"'],
  },
  {
    name: "a list map",
    schema: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["k"],
      items: { type: "object" },
    },
    fits: [[{ k: 1 }, { k: 2 }]],
    misfit: [
      { k: 1, x: 1 },
      { k: 1, x: 2 },
    ],
    errors: ['a[1]: Duplicate value: {"k":1}'],
  },
  {
    name: "fewest members",
    schema: { type: "object", minProperties: 1 },
    fits: [{ x: 1 }],
    misfit: {},
    errors: ["a: Invalid value: 0: a in body should have at least 1 properties"],
  },
  {
    name: "most members",
    schema: { type: "object", maxProperties: 1 },
    fits: [{}],
    misfit: { x: 1, y: 2 },
    errors: ["a: Too many: 2: must have at most 1 item"],
  },
  {
    name: "a required member",
    schema: { type: "object", required: ["x"] },
    fits: [{ x: 1 }],
    misfit: {},
    errors: ["a.x: Required value"],
  },
  {
    name: "members of one sort",
    schema: { type: "object", additionalProperties: { type: "integer" } },
    fits: [{ x: 1 }],
    misfit: { x: "1" },
    errors: ['a.x: Invalid value: "string": a.x in body must be of type integer: "string"'],
  },
  {
    name: "any of several",
    schema: { anyOf: [{ minimum: 5 }, { maximum: 1 }] },
    fits: [0, 6],
    misfit: 3,
    errors: [
      '<nil>: Invalid value: "": "a" must validate at least one schema (anyOf)',
      "a: Invalid value: 3: a in body should be greater than or equal to 5",
    ],
  },
  {
    name: "one of several",
    schema: { oneOf: [{ minimum: 5 }, { minimum: 7 }] },
    fits: [5],
    misfit: 8,
    errors: [
      '<nil>: Invalid value: "": "a" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
  },
  {
    name: "all of several",
    schema: { allOf: [{ minimum: 5 }, { maximum: 7 }] },
    fits: [6],
    misfit: 8,
    errors: [
      "a: Invalid value: 8: a in body should be less than or equal to 7",
      '<nil>: Invalid value: "": "a" must validate all the schemas (allOf)',
    ],
  },
  {
    name: "none of one",
    schema: { not: { minimum: 5 } },
    fits: [4],
    misfit: 5,
    errors: ['<nil>: Invalid value: "": "a" must not validate the schema (not)'],
  },
];

describe("a schema takes what fits and tells what does not in the words of Kubernetes", () => {
  test.each(rows)("$name", ({ schema, fits, misfit, errors }) => {
    for (const value of fits) expect([value, errorsOf(schema, value)]).toEqual([value, []]);
    expect(errorsOf(schema, misfit)).toEqual(errors);
  });
});

test("keywords of another type than the value's are passed over", () => {
  const schema: StructuralSchema = { minimum: 5, maxLength: 1, maxItems: 1, required: ["x"], pattern: "a" };
  expect(errorsOf(schema, true)).toEqual([]);
});

test("any value is valid, or has faults that name a place in it", () => {
  const schemas = fc.constantFrom(...rows.map((row) => row.schema));
  fc.assert(
    fc.property(schemas, fc.jsonValue({ maxDepth: 2 }), (schema, given) => {
      const value: JsonValue = JSON.parse(JSON.stringify(given));
      for (const error of errorsOf(schema, value)) expect(error).toMatch(/^(a\b|<nil>)/);
    }),
  );
});

test("pruning and defaulting make nothing invalid that is valid", () => {
  const schemas = fc.constantFrom(...rows.map((row) => row.schema));
  fc.assert(
    fc.property(schemas, fc.jsonValue({ maxDepth: 2 }), (schema, given) => {
      const value: JsonValue = JSON.parse(JSON.stringify(given));
      const root: StructuralSchema = { type: "object", properties: { a: schema } };
      fc.pre(validateSchema(root, { a: value }).length === 0 && schema.required === undefined);
      fc.pre(schema.minProperties === undefined);
      const pruned = pruneUnknown(root, { a: value }).value;
      expect(validateSchema(root, applyDefaults(root, pruned))).toEqual([]);
    }),
  );
});
