import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Requirement } from "./model.ts";
import { distinctRequirements, identityOf } from "./requirement.ts";

const bill: Requirement = { id: "1", name: "bill", range: "^1.0.0", strategy: "HIGHEST" };

describe("two requirements are", () => {
  it.each([
    { name: "the same whatever their ids", more: { id: "2" }, isSame: true },
    { name: "the same where one says what is meant anyway", more: { resolution: "mandatory" }, isSame: true },
    { name: "the same where one wire is said and meant", more: { cardinality: "single" }, isSame: true },
    { name: "different in their names", more: { name: "news" }, isSame: false },
    { name: "different in their ranges", more: { range: "^1.0" }, isSame: false },
    { name: "different in their strategies", more: { strategy: "LOWEST" }, isSame: false },
    { name: "different where one may be left out", more: { resolution: "optional" }, isSame: false },
    { name: "different where one wants all", more: { cardinality: "multiple" }, isSame: false },
    { name: "different in their filters", more: { filter: "true" }, isSame: false },
  ] as const)("$name", ({ more, isSame }) => {
    expect(identityOf({ ...bill, ...more }) === identityOf(bill)).toBe(isSame);
    expect(distinctRequirements([bill, { ...bill, ...more }])).toHaveLength(isSame ? 1 : 2);
  });
});

describe("distinct requirements", () => {
  it("keep the first of each and its place", () => {
    const news = { ...bill, name: "news" };
    expect(distinctRequirements([bill, news, { ...bill, id: "9" }])).toEqual([bill, news]);
  });

  it("have no two alike, and lack none", () => {
    const one: fc.Arbitrary<Requirement> = fc.record({
      id: fc.constantFrom("1", "2"),
      name: fc.constantFrom("bill", "news"),
      range: fc.constantFrom("*", "^1.0.0"),
      strategy: fc.constantFrom("HIGHEST", "LOWEST"),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (all) => {
        const identities = distinctRequirements(all).map(identityOf);
        expect(new Set(identities).size).toBe(identities.length);
        expect(new Set(identities)).toEqual(new Set(all.map(identityOf)));
      }),
    );
  });
});
