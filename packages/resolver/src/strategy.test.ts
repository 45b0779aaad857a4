import fc from "fast-check";
import { parse } from "semver";
import { describe, expect, it } from "vitest";
import type { FittingCandidate } from "./candidates.ts";
import { compareByName, compareText } from "./compare.ts";
import type { CurrentWire, Requirement, Strategy } from "./model.ts";
import { orderOfPreference } from "./strategy.ts";

function candidate(name: string, version: string, ready?: boolean): FittingCandidate {
  const parsed = parse(version);
  if (parsed === null) throw new TypeError(`${version} is no version`);
  return {
    provider: {
      ...{ name, description: "", host: "", subset: "stable", tenants: [], channels: [], capabilities: [] },
      ready,
    },
    capability: { id: "", name: "bill", version, description: "", examples: [] },
    version: parsed,
  };
}

function need(strategy: Strategy, range = "*"): Requirement {
  return { id: "", name: "bill", range, strategy };
}

function ordered(
  strategy: Strategy,
  candidates: readonly FittingCandidate[],
  current: readonly CurrentWire[] = [],
): readonly string[] {
  const order = orderOfPreference(need(strategy), current);
  return candidates
    .toSorted(order)
    .map(({ provider, capability }) => `${provider.name} ${capability.version}`);
}

const serving = (provider: string, range = "*"): CurrentWire => ({ name: "bill", range, provider });

describe("the order of preference", () => {
  const [a, b, c] = [candidate("a", "1.0.0"), candidate("b", "2.0.0"), candidate("c", "1.5.0")];
  it.each([
    { name: "the highest version first", strategy: "HIGHEST", expected: ["b 2.0.0", "c 1.5.0", "a 1.0.0"] },
    { name: "the lowest first", strategy: "LOWEST", expected: ["a 1.0.0", "c 1.5.0", "b 2.0.0"] },
    {
      name: "the nearest to the lower bound",
      strategy: "MOST_SIMILAR",
      expected: ["a 1.0.0", "c 1.5.0", "b 2.0.0"],
    },
    {
      name: "sticky without a wire is the highest",
      strategy: "STICKY",
      expected: ["b 2.0.0", "c 1.5.0", "a 1.0.0"],
    },
  ] as const)("$strategy: $name", ({ strategy, expected }) => {
    expect(ordered(strategy, [c, a, b])).toEqual(expected);
  });

  it.each([
    { name: "a sticky requirement stays", strategy: "STICKY", first: "a 1.0.0" },
    { name: "another one moves to the better version", strategy: "HIGHEST", first: "b 2.0.0" },
  ] as const)("with a wire in force: $name", ({ strategy, first }) => {
    expect(ordered(strategy, [b, a], [serving("a")])[0]).toBe(first);
  });

  it("leaves a wire where it is among equals, and else takes the first by name", () => {
    const equals = [candidate("b", "1.0.0"), candidate("a", "1.0.0"), candidate("c", "1.0.0")];
    expect(ordered("HIGHEST", equals)[0]).toBe("a 1.0.0");
    expect(ordered("HIGHEST", equals, [serving("c")])[0]).toBe("c 1.0.0");
  });

  it("prefers what is ready to everything else", () => {
    const waiting = candidate("b", "2.0.0", false);
    for (const strategy of ["HIGHEST", "LOWEST", "MOST_SIMILAR", "STICKY"] as const) {
      expect(ordered(strategy, [waiting, a], [serving("b")])[0]).toBe("a 1.0.0");
    }
  });

  it.each([
    { name: "of the same range", current: [serving("a", "*"), serving("c", "^1.0.0")], first: "a 1.0.0" },
    { name: "of the same name where the range is new", current: [serving("c", "^1.0.0")], first: "c 1.0.0" },
    { name: "of another capability: none", current: [{ ...serving("c"), name: "news" }], first: "a 1.0.0" },
  ])("looks at the wires in force $name", ({ current, first }) => {
    expect(ordered("HIGHEST", [candidate("c", "1.0.0"), candidate("a", "1.0.0")], current)[0]).toBe(first);
  });

  it("is total: whatever the order in which candidates come, the first one is the same", () => {
    const one = fc.record({
      name: fc.constantFrom("a", "b", "c"),
      version: fc.constantFrom("1.0.0", "1.0.0+b", "2.0.0", "2.0.0-rc.1"),
      ready: fc.constantFrom(true, false, undefined),
    });
    const strategies = fc.constantFrom<Strategy>("HIGHEST", "LOWEST", "MOST_SIMILAR", "STICKY");
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), strategies, (rows, strategy) => {
        const candidates = rows.map(({ name, version, ready }) => candidate(name, version, ready));
        expect(ordered(strategy, candidates.toReversed(), [serving("b")])).toEqual(
          ordered(strategy, candidates, [serving("b")]),
        );
      }),
    );
  });
});

describe("compareText", () => {
  it.each([
    { left: "a", right: "a", expected: 0 },
    { left: "a", right: "b", expected: -1 },
    { left: "b", right: "a", expected: 1 },
    { left: "B", right: "a", expected: -1 },
    { left: "a", right: "ä", expected: -1 },
  ])("$left and $right: $expected", ({ left, right, expected }) => {
    expect(compareText(left, right)).toBe(expected);
  });
});

it("orders two capabilities of one agent by their texts", () => {
  const first = candidate("a", "1.0.0");
  const second = { ...first, capability: { ...first.capability, id: "2" } };
  const third = { ...first, capability: { ...first.capability, description: "more" } };
  expect(compareByName(first, second)).toBe(-1);
  expect(Math.abs(compareByName(first, third))).toBe(1);
  expect(compareByName(first, { ...first })).toBe(0);
});
