import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "./object.ts";
import { Postings } from "./postings.ts";

function object(name: string, generation = 1): KubeObject {
  return { apiVersion: "v1", kind: "Thing", metadata: { name, namespace: "home", generation } };
}

const key = (name: string): string => `home/${name}`;

function postingsOf(...names: readonly string[]): Postings<KubeObject> {
  const postings = new Postings<KubeObject>();
  for (const name of names) postings.add("red", key(name), object(name));
  return postings;
}

const namesAt = (postings: Postings<KubeObject>, value: string): readonly string[] =>
  postings.at(value).map(({ metadata }) => metadata.name);

describe("postings", () => {
  it.each([
    { name: "nothing", filed: [], found: [] },
    { name: "one object", filed: ["a"], found: ["a"] },
    { name: "several objects", filed: ["a", "b", "c"], found: ["a", "b", "c"] },
    { name: "an object that is filed twice", filed: ["a", "a"], found: ["a"] },
    { name: "one of several that is filed twice", filed: ["a", "b", "a"], found: ["a", "b"] },
  ])("find $name", ({ filed, found }) => {
    const postings = postingsOf(...filed);
    expect([namesAt(postings, "red"), namesAt(postings, "blue")]).toEqual([found, []]);
  });

  it.each([
    { name: "the only one", filed: ["a"], gone: ["a"], left: [] },
    { name: "one of two", filed: ["a", "b"], gone: ["a"], left: ["b"] },
    { name: "all of several", filed: ["a", "b", "c"], gone: ["b", "a", "c"], left: [] },
    { name: "one that is not there", filed: ["a"], gone: ["b"], left: ["a"] },
    { name: "one twice", filed: ["a", "b"], gone: ["a", "a"], left: ["b"] },
  ])("lose $name", ({ filed, gone, left }) => {
    const postings = postingsOf(...filed);
    for (const name of gone) postings.remove("red", key(name));
    expect(namesAt(postings, "red")).toEqual(left);
  });

  it("hold the newest object of a key, alone or among others", () => {
    const postings = postingsOf("a");
    postings.add("red", key("a"), object("a", 2));
    postings.add("red", key("b"), object("b", 1));
    postings.add("red", key("b"), object("b", 3));
    expect(postings.at("red").map(({ metadata }) => metadata.generation)).toEqual([2, 3]);
  });

  it("agree with a map of maps, whatever is filed and taken out", () => {
    const step = fc.record({
      value: fc.constantFrom("red", "blue"),
      name: fc.constantFrom("a", "b", "c"),
      adds: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const postings = new Postings<KubeObject>();
        const model = new Map([
          ["red", new Set<string>()],
          ["blue", new Set<string>()],
        ]);
        for (const { value, name, adds } of steps) {
          if (adds) postings.add(value, key(name), object(name));
          else postings.remove(value, key(name));
          if (adds) model.get(value)?.add(name);
          else model.get(value)?.delete(name);
        }
        for (const [value, names] of model)
          expect(namesAt(postings, value).toSorted()).toEqual([...names].sort());
      }),
    );
  });
});
