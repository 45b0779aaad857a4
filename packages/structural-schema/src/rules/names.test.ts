import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StructuralSchema } from "../structural-schema.ts";
import { escapeName } from "./escape.ts";
import { fieldPathIn } from "./field-path.ts";

describe("a member's name as rules write it", () => {
  test.each([
    { name: "plain", escaped: "plain" },
    { name: "a-b", escaped: "a__dash__b" },
    { name: "a.b/c", escaped: "a__dot__b__slash__c" },
    { name: "a__b", escaped: "a__underscores__b" },
    { name: "if", escaped: "__if__" },
    { name: "namespace", escaped: "__namespace__" },
    { name: "1a", escaped: undefined },
    { name: "a b", escaped: undefined },
    { name: "", escaped: undefined },
  ])("$name", ({ name, escaped }) => {
    expect(escapeName(name)).toBe(escaped);
  });

  test("no two names are written alike", () => {
    const names = fc.stringMatching(/^[a-z_][a-z_.\-/]{0,6}$/);
    fc.assert(
      fc.property(names, names, (one, other) => {
        fc.pre(one !== other && !/_dash_|_dot_|_slash_|_underscores_/.test(one + other));
        expect(escapeName(one)).not.toBe(escapeName(other));
      }),
    );
  });
});

describe("the path of a field", () => {
  const schema: StructuralSchema = {
    properties: {
      spec: { properties: { "a.b": {}, items: { items: {} } } },
      labels: { additionalProperties: { properties: { x: {} } } },
    },
  };

  test.each([
    { path: ".spec", shown: "spec" },
    { path: ".spec.items", shown: "spec.items" },
    { path: ".spec['a.b']", shown: "spec.a.b" },
    { path: ".labels['k']", shown: "labels[k]" },
    { path: ".labels['k'].x", shown: "labels[k].x" },
    { path: ".labels['it\\'s']", shown: "labels[it's]" },
    { path: ".none", shown: undefined },
    { path: "spec", shown: undefined },
    { path: ".spec.items[0]", shown: undefined },
    { path: ".labels['k'].y", shown: undefined },
  ])("$path", ({ path, shown }) => {
    expect(fieldPathIn(schema, path)).toBe(shown);
  });
});
