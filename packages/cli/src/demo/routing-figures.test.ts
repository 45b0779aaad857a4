import { describe, expect, it } from "vitest";
import {
  boundedShares,
  describeShare,
  holds,
  type RoutedMessage,
  routingFigures,
} from "./routing-figures.ts";

const accept = (expected: string | null, agent: string): RoutedMessage => ({
  expected,
  decision: "accept",
  agent,
  choices: [],
  alternatives: [agent],
});

describe("routingFigures", () => {
  it("counts what a dispatcher would count", () => {
    const routed: readonly RoutedMessage[] = [
      accept("a", "a"),
      accept("a", "b"),
      { expected: "a", decision: "ask", agent: undefined, choices: ["b", "a"], alternatives: ["b", "a"] },
      { expected: "a", decision: "ask", agent: undefined, choices: ["b", "c"], alternatives: ["b", "c"] },
      { expected: "a", decision: "none", agent: undefined, choices: [], alternatives: ["a"] },
      accept(null, "a"),
      { expected: null, decision: "none", agent: undefined, choices: [], alternatives: ["a"] },
    ];
    expect(routingFigures(routed)).toEqual({
      inScope: 5,
      bestIsExpected: 2,
      acceptedRight: 1,
      acceptedWrong: 1,
      askedRight: 1,
      outOfScope: 2,
      outOfScopeAccepted: 1,
    });
  });
});

describe("bounded shares", () => {
  it.each([
    { name: "hold at the bound", count: 95, of: 100, expected: true },
    { name: "fail below it", count: 94, of: 100, expected: false },
    { name: "do not hold over nothing", count: 0, of: 0, expected: false },
  ])("$name", ({ count, of, expected }) => {
    expect(holds({ name: "x", count, of, bound: { kind: "atLeast", percent: 95 } })).toBe(expected);
  });

  it("are described with count, share and bound", () => {
    const [, , wrong] = boundedShares(routingFigures([accept("a", "a"), accept("a", "b")]));
    expect(wrong && describeShare(wrong)).toBe("in scope, accepted and wrong: 1 of 2 (50.0 %, at most 3 %)");
  });
});
