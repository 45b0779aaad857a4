import { describe, expect, test } from "vitest";
import { formatFieldError } from "../field-error.ts";
import type { StructuralSchema, ValidationRule } from "../structural-schema.ts";
import { contentErrors } from "./content-errors.ts";
import { escapeName } from "./escape.ts";
import { compileRules } from "./rule-tree.ts";

const list: StructuralSchema = { type: "array", items: { type: "integer" } };

function check(spec: StructuralSchema, next: object, old?: object): readonly string[] {
  const schema: StructuralSchema = { type: "object", properties: { spec } };
  const { root: rules, errors } = compileRules(schema, "");
  expect(errors).toEqual([]);
  const object = (content: object) => JSON.parse(JSON.stringify({ spec: content }));
  return contentErrors({ schema, rules }, object(next), old && object(old)).map(formatFieldError);
}

const withRules = (
  properties: StructuralSchema["properties"],
  ...rules: readonly string[]
): StructuralSchema => ({
  type: "object",
  properties,
  "x-kubernetes-validations": rules.map((rule): ValidationRule => ({ rule })),
});

const numbers = Array.from({ length: 1200 }, (_, index) => index);
const tooMuch = "self.a.all(x, self.a.all(y, x + y >= 0))";

describe("rules run within a budget", () => {
  test("a rule that costs too much is reported, and no other is run", () => {
    expect(check(withRules({ a: list }, tooMuch, "false"), { a: numbers })).toEqual([
      `spec: Invalid value: "object": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${tooMuch}`,
    ]);
  });

  test("many rules that are cheap by themselves are given up together", () => {
    const dear = "self.a.all(x, self.a.all(y, x + y >= 0))";
    const rules = Array.from({ length: 40 }, () => dear);
    expect(check(withRules({ a: list }, ...rules), { a: numbers.slice(0, 250) })).toEqual([
      'spec: Invalid value: "object": validation failed due to running out of cost budget, no further validation rules will be run',
    ]);
  });
});

describe("on an update", () => {
  const schema = withRules({
    a: withRules({ b: { type: "integer" } }, "self.b > 5"),
    c: { type: "integer" },
  });

  test.each([
    ["a fault that was there before is passed over", { a: { b: 1 }, c: 1 }, { a: { b: 1 }, c: 2 }, []],
    [
      "a new fault is not",
      { a: { b: 6 } },
      { a: { b: 1 } },
      ['spec.a: Invalid value: "object": failed rule: self.b > 5'],
    ],
    [
      "nor is another one",
      { a: { b: 2 } },
      { a: { b: 1 } },
      ['spec.a: Invalid value: "object": failed rule: self.b > 5'],
    ],
  ])("%s", (_name, old, next, errors) => {
    expect(check(schema, next, old)).toEqual(errors);
  });
});

test("rules are not run on a value of another type than they expect", () => {
  expect(check(withRules({ a: { type: "integer" } }, "self.a > 5"), { a: "x" })).toEqual([
    'spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"',
    "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
  ]);
});

describe("a name is escaped", () => {
  test.each([
    ["plain", "plain"],
    ["in", "__in__"],
    ["a-b.c/d", "a__dash__b__dot__c__slash__d"],
    ["a__b", "a__underscores__b"],
    ["1a", undefined],
    ["a b", undefined],
    ["", undefined],
  ])("%j", (name, escaped) => {
    expect(escapeName(name)).toBe(escaped);
  });
});
