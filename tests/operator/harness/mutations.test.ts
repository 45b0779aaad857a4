import { expect, it } from "vitest";
import { mutationsOf, namesField } from "./mutations.ts";

const object = { metadata: { name: "a" }, spec: { size: 1, list: [{ name: "x" }], open: true } };

it("changes and removes every field below the roots, and nothing else", () => {
  const mutations = mutationsOf(object, [["spec"]]);
  const paths = new Set(mutations.map(({ name }) => name.split(/ (?:=|removed)/)[0]));
  expect(paths).toEqual(
    new Set(["spec", "spec.size", "spec.list", "spec.list.0", "spec.list.0.name", "spec.open"]),
  );
  expect(mutations.every(({ object: { metadata } }) => metadata.name === "a")).toBe(true);
});

it("changes one thing at a time, and never the object that it was given", () => {
  const before = structuredClone(object);
  for (const { object: mutated } of mutationsOf(object, [["spec"]])) {
    expect(mutated).not.toEqual(before);
    expect(object).toEqual(before);
  }
});

it("takes an item out of its list where it is removed", () => {
  const removed = mutationsOf(object, [["spec"]]).find(({ name }) => name === "spec.list.0 removed");
  expect(removed?.object.spec.list).toEqual([]);
});

it.each([
  { refusal: 'spec.size: Invalid value: "x"', name: "spec.size = x", expected: true },
  { refusal: "something is wrong", name: "spec.size = x", expected: false },
  { refusal: "metadata.labels: Invalid value", name: "metadata.labels.tenant = x", expected: true },
  { refusal: "spec.list[0].name: Required value", name: "spec.list.0.name removed", expected: true },
])("a refusal of $name names its field: $expected", ({ refusal, name, expected }) => {
  expect(namesField(refusal, { name })).toBe(expected);
});
