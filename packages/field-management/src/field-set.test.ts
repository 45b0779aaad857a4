import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeFieldSet,
  differenceOf,
  emptyFieldSet,
  encodeFieldSet,
  type FieldPath,
  type FieldSet,
  fieldSetOf,
  formatFieldPath,
  intersectionOf,
  pathsOf,
  unionOf,
} from "./field-set.ts";

const elements = fc.constantFrom("f:a", "f:b", 'k:{"name":"x"}', 'v:"y"');
const paths: fc.Arbitrary<FieldPath> = fc.array(elements, { minLength: 1, maxLength: 3 });
const sets: fc.Arbitrary<FieldSet> = fc.array(paths, { maxLength: 6 }).map(fieldSetOf);

const textOf = (set: FieldSet): string => JSON.stringify(encodeFieldSet(set));

function expectSame(one: FieldSet, other: FieldSet): void {
  expect(textOf(one)).toBe(textOf(other));
}

describe("sets of fields", () => {
  test("hold just the paths that they are made of", () => {
    fc.assert(
      fc.property(fc.array(paths, { maxLength: 6 }), (given) => {
        const texts = given.map((path) => path.join());
        expect(pathsOf(fieldSetOf(given)).map((path) => path.join())).toEqual(expect.arrayContaining(texts));
        expect(pathsOf(fieldSetOf(given)).length).toBe(new Set(texts).size);
      }),
    );
  });

  test("survive being written to managedFields", () => {
    fc.assert(fc.property(sets, (set) => expectSame(decodeFieldSet(encodeFieldSet(set)), set)));
  });

  test("have a union without order, and one with themselves that is themselves", () => {
    fc.assert(
      fc.property(sets, sets, sets, (one, two, three) => {
        expectSame(unionOf(one, two), unionOf(two, one));
        expectSame(unionOf(unionOf(one, two), three), unionOf(one, unionOf(two, three)));
        expectSame(unionOf(one, one), one);
        expectSame(unionOf(one, emptyFieldSet), one);
      }),
    );
  });

  test("fall into what they share with another and what they do not", () => {
    fc.assert(
      fc.property(sets, sets, (one, two) => {
        expectSame(unionOf(intersectionOf(one, two), differenceOf(one, two)), one);
        expectSame(intersectionOf(differenceOf(one, two), two), emptyFieldSet);
        expectSame(intersectionOf(one, two), intersectionOf(two, one));
      }),
    );
  });

  test("without a parent keep its children", () => {
    const set = fieldSetOf([["f:a"], ["f:a", "f:b"]]);
    expect(pathsOf(differenceOf(set, fieldSetOf([["f:a"]])))).toEqual([["f:a", "f:b"]]);
  });
});

describe("a path is shown as Kubernetes shows it", () => {
  test.each<{ readonly path: FieldPath; readonly text: string }>([
    { path: ["f:spec", "f:replicas"], text: ".spec.replicas" },
    { path: ["f:spec", 'k:{"name":"main"}', "f:image"], text: '.spec[name="main"].image' },
    { path: ["f:ports", 'k:{"port":80,"protocol":"TCP"}'], text: '.ports[port=80,protocol="TCP"]' },
    { path: ["f:finalizers", 'v:"a/b"'], text: '.finalizers[="a/b"]' },
    { path: ["f:list", "i:2"], text: ".list[2]" },
    { path: ["f:labels", "f:a.example/b"], text: ".labels.a.example/b" },
  ])("$text", ({ path, text }) => {
    expect(formatFieldPath(path)).toBe(text);
  });
});

describe("reading fieldsV1", () => {
  test.each<{ readonly name: string; readonly fields: unknown; readonly paths: readonly FieldPath[] }>([
    { name: "a leaf is a member", fields: { "f:a": {} }, paths: [["f:a"]] },
    { name: "a parent only with a dot", fields: { "f:a": { "f:b": {} } }, paths: [["f:a", "f:b"]] },
    {
      name: "a parent with a dot",
      fields: { "f:a": { ".": {}, "f:b": {} } },
      paths: [["f:a"], ["f:a", "f:b"]],
    },
    { name: "keys in any order", fields: { 'k:{"b":1,"a":2}': {} }, paths: [['k:{"a":2,"b":1}']] },
    { name: "elements that nobody writes are passed over", fields: { "x:a": {}, "k:{": {} }, paths: [] },
    { name: "no object", fields: "text", paths: [] },
  ])("$name", ({ fields, paths: wanted }) => {
    expect(pathsOf(decodeFieldSet(fields))).toEqual(wanted);
  });
});
