import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutClasses } from "./classes.ts";
import type { RankedCapability } from "./model.ts";

const vector = new Float32Array([1]);
const capability = (agent: string, id: string, ...texts: readonly string[]): RankedCapability => ({
  agent,
  id,
  examples: texts.map((text) => ({ text, vector, synthetic: false })),
});

describe("layOutClasses", () => {
  it.each([
    { name: "nothing", capabilities: [], classes: [] },
    { name: "a capability without examples", capabilities: [capability("a", "x")], classes: [] },
    {
      name: "one capability",
      capabilities: [capability("a", "x", "one", "two")],
      classes: [{ agent: "a", capability: "x", start: 0, end: 2 }],
    },
    {
      name: "capabilities by agent, then by id",
      capabilities: [capability("b", "x", "1"), capability("a", "y", "2", "3"), capability("a", "x", "4")],
      classes: [
        { agent: "a", capability: "x", start: 0, end: 1 },
        { agent: "a", capability: "y", start: 1, end: 3 },
        { agent: "b", capability: "x", start: 3, end: 4 },
      ],
    },
  ])("lays out $name", ({ capabilities, classes }) => {
    expect(layOutClasses(capabilities).classes).toEqual(classes);
  });

  const texts = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });
  const catalogue = fc
    .array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(9), texts), { minLength: 1, maxLength: 8 })
    .map((rows) => [...new Map(rows.map((row) => [`${row[0]}/${row[1]}`, row])).values()])
    .map((rows) => rows.map(([agent, id, own]) => capability(agent, `${id}`, ...own)));

  it("gives every example its class, each class one stretch, without gaps", () => {
    fc.assert(
      fc.property(catalogue, (capabilities) => {
        const { classes, examples, classOf } = layOutClasses(capabilities);
        expect(examples).toHaveLength(capabilities.reduce((sum, one) => sum + one.examples.length, 0));
        expect(classes[0]?.start).toBe(0);
        for (const [i, { start, end }] of classes.entries()) {
          expect(end).toBe(classes[i + 1]?.start ?? examples.length);
          for (let at = start; at < end; at++) expect(classOf[at]).toBe(i);
        }
      }),
    );
  });

  it("gives the same for the same catalogue in any order", () => {
    fc.assert(
      fc.property(catalogue, fc.integer({ min: 0, max: 7 }), (capabilities, turn) => {
        const turned = [...capabilities.slice(turn), ...capabilities.slice(0, turn)]
          .toReversed()
          .map((one) => ({ ...one, examples: one.examples.toReversed() }));
        const [plain, other] = [layOutClasses(capabilities), layOutClasses(turned)];
        expect(other.classes).toEqual(plain.classes);
        expect(other.examples.map(({ text }) => text)).toEqual(plain.examples.map(({ text }) => text));
      }),
    );
  });
});
