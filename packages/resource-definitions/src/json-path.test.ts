import type { JsonValue } from "@lmos/primitives";
import { describe, expect, test } from "vitest";
import { parseJsonPath, valuesAt } from "./json-path.ts";

const object: JsonValue = {
  metadata: { name: "x", annotations: { "a.b/c": "dotted", plain: "p" } },
  spec: { list: [{ n: 1 }, { n: 2 }], zero: 0 },
  status: {
    conditions: [
      { type: "Resolved", status: "True" },
      { type: "Ready", status: "False", count: 2 },
    ],
  },
};

const rows: readonly { name: string; path: string; values: readonly JsonValue[] }[] = [
  { name: "a member", path: ".metadata.name", values: ["x"] },
  { name: "a member that is missing", path: ".spec.nothing.more", values: [] },
  { name: "a false value", path: ".spec.zero", values: [0] },
  { name: "a position", path: ".spec.list[1].n", values: [2] },
  { name: "a position from the end", path: ".spec.list[-1].n", values: [2] },
  { name: "every item", path: ".spec.list[*].n", values: [1, 2] },
  { name: "every member", path: ".metadata.annotations.*", values: ["dotted", "p"] },
  { name: "an escaped dot", path: ".metadata.annotations.a\\.b/c", values: ["dotted"] },
  { name: "a quoted member", path: ".metadata.annotations['a.b/c']", values: ["dotted"] },
  { name: "a filter by text", path: '.status.conditions[?(@.type=="Resolved")].status', values: ["True"] },
  {
    name: "a filter by a text in single quotes",
    path: ".status.conditions[?(@.type=='Ready')].status",
    values: ["False"],
  },
  {
    name: "a filter by number, with spaces",
    path: ".status.conditions[?( @.count == 2 )].type",
    values: ["Ready"],
  },
  {
    name: "a filter by what is not",
    path: '.status.conditions[?(@.type!="Ready")].type',
    values: ["Resolved"],
  },
  { name: "the whole object", path: ".", values: [object] },
];

describe("a path leads to", () => {
  test.each(rows)("$name", ({ path, values }) => {
    const steps = parseJsonPath(path);
    expect(steps === undefined ? "malformed" : valuesAt(steps, object)).toEqual(values);
  });
});

test.each([".spec[", "spec.x", ".a[?(@.b)]", ".a[?(@.b==c)]", ".a[x]"])("%s is not well formed", (path) => {
  expect(parseJsonPath(path)).toBeUndefined();
});
