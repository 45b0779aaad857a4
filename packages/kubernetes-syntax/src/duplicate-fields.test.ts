import fc from "fast-check";
import { expect, test } from "vitest";
import { duplicateFields } from "./duplicate-fields.ts";

test.each([
  ['{"a":1,"b":2}', []],
  ['{"a":1,"a":2}', ["a"]],
  ['{"spec":{"a":{},"a":[]}}', ["spec.a"]],
  ['{"items":[{"a":1},{"a":1,"a":2}]}', ["items[1].a"]],
  ['{"a":"x:\\"a\\":{","b":["{","}",":"],"b":1}', ["b"]],
  ['{"a":1,"\\u0061":2}', ["a"]],
  ['{"a":{"x":1},"b":{"x":1}}', []],
  ['[[{"k":1,"k":1}]]', ["[0][0].k"]],
  ['{"a":1,"a":2,"a":3}', ["a"]],
])("%s repeats %j", (text, duplicates) => {
  expect(duplicateFields(text)).toEqual(duplicates);
});

test("nothing is repeated in what a serializer writes", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => duplicateFields(JSON.stringify(value)).length === 0));
});
