import { describe, expect, test } from "vitest";
import {
  asObject,
  listAt,
  objectAt,
  objectsAt,
  textAt,
  textMapAt,
  textsAt,
  withMember,
} from "./json-access.ts";

const object = { text: "a", number: 1, list: ["a", 1, { b: 2 }], inner: { x: "y", z: 1 }, nothing: null };

describe("reading a member of unknown shape", () => {
  test.each([
    { name: "an object", found: objectAt(object, "inner"), wanted: { x: "y", z: 1 } },
    { name: "no object", found: objectAt(object, "list"), wanted: {} },
    { name: "an absent object", found: objectAt(object, "none"), wanted: {} },
    { name: "a text", found: textAt(object, "text"), wanted: "a" },
    { name: "no text", found: textAt(object, "number"), wanted: undefined },
    { name: "a list", found: listAt(object, "list"), wanted: ["a", 1, { b: 2 }] },
    { name: "no list", found: listAt(object, "inner"), wanted: [] },
    { name: "the texts of a list", found: textsAt(object, "list"), wanted: ["a"] },
    { name: "the objects of a list", found: objectsAt(object, "list"), wanted: [{ b: 2 }] },
    { name: "the texts of an object", found: textMapAt(object, "inner"), wanted: { x: "y" } },
    { name: "null as an object", found: asObject(object.nothing), wanted: undefined },
    { name: "a list as an object", found: asObject(object.list), wanted: undefined },
  ])("$name", ({ found, wanted }) => {
    expect(found).toEqual(wanted);
  });

  test("a member is replaced or left out", () => {
    expect(withMember({ a: 1 }, "a", 2)).toEqual({ a: 2 });
    expect(withMember({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
  });
});
