import fc from "fast-check";
import { expect, it } from "vitest";
import { hasDuplicateMember } from "./duplicate-member.ts";

it.each([
  { json: '{"a":1,"a":2}', expected: true },
  { json: '{"a":1,"\\u0061":2}', expected: true },
  { json: '{ "a" : 1 , "b" : [ { "c" : 1 , "c" : 2 } ] }', expected: true },
  { json: '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}', expected: false },
  { json: '{"a":"a","b":"a"}', expected: false },
  { json: '{"a":"\\",\\"a\\":","b":1}', expected: false },
  { json: '["a","a"]', expected: false },
  { json: '{"a":[],"b":{},"":1}', expected: false },
  { json: '{"":1,"":1}', expected: true },
  { json: "1", expected: false },
])("$json: $expected", ({ json, expected }) => {
  expect(hasDuplicateMember(json)).toBe(expected);
});

it("finds none in what JSON.stringify writes, and one where a member is put in twice", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, name) => {
      const json = JSON.stringify(value);
      expect(hasDuplicateMember(json)).toBe(false);
      const member = `${JSON.stringify(name)}:${json}`;
      expect(hasDuplicateMember(`{"x":[{${member},${member}}]}`)).toBe(true);
    }),
  );
});
