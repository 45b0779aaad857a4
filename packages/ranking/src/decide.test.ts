import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, isAcceptable } from "./decide.ts";
import type { AgentCandidate, Ranking } from "./model.ts";
import { quantile } from "./quantile.ts";
import { logSumExp, softmax } from "./softmax.ts";
import { fitThresholds } from "./thresholds.ts";

function rankingOf(energy: number, ...probabilities: readonly number[]): Ranking {
  const agents = probabilities.map((probability, i): AgentCandidate => {
    const agent = `agent-${i}`;
    return { agent, probability, best: { agent, capability: "c", probability } };
  });
  const margin = (probabilities[0] ?? 0) - (probabilities[1] ?? 0);
  return { agents, capabilities: agents.map(({ best }) => best), energy, margin, matches: [] };
}

describe("decide", () => {
  const thresholds = { energy: 2, margin: 0.5 };
  it.each([
    { name: "accepts a clear best", ranking: rankingOf(3, 0.8, 0.2), kind: "accept" },
    { name: "accepts on the thresholds", ranking: rankingOf(2, 0.75, 0.25), kind: "accept" },
    { name: "accepts the only agent", ranking: rankingOf(3, 1), kind: "accept" },
    { name: "asks when two are close", ranking: rankingOf(3, 0.6, 0.4), kind: "ask" },
    { name: "refuses low energy, however clear", ranking: rankingOf(1.9, 0.99, 0.01), kind: "none" },
    { name: "refuses low energy before asking", ranking: rankingOf(1.9, 0.5, 0.5), kind: "none" },
    { name: "refuses an energy that is no number", ranking: rankingOf(Number.NaN, 0.9, 0.1), kind: "none" },
    { name: "refuses when there is nobody", ranking: rankingOf(9), kind: "none" },
  ])("$name", ({ ranking, kind }) => {
    expect(decide(ranking, thresholds).kind).toBe(kind);
  });

  it.each([
    { name: "the two in question", probabilities: [0.52, 0.45, 0.02, 0.01], offered: 2 },
    { name: "a third that is likely enough", probabilities: [0.4, 0.35, 0.2, 0.05], offered: 3 },
    { name: "never more than three", probabilities: [0.25, 0.25, 0.25, 0.25], offered: 3 },
  ])("offers $name", ({ probabilities, offered }) => {
    const verdict = decide(rankingOf(3, ...probabilities), thresholds);
    expect(verdict.kind === "ask" ? verdict.choices.length : 0).toBe(offered);
  });
});

describe("fitThresholds", () => {
  const spread = (count: number, from: number): readonly number[] =>
    Array.from({ length: count }, (_, i) => from + i / (count - 1));
  const examples = (count: number, from: number) =>
    spread(count, from).map((energy, i) => ({ energy, margin: i / (count - 1) }));

  it.each([
    {
      name: "the background alone without examples",
      examples: [],
      background: spread(101, 0),
      expected: 0.9,
    },
    {
      name: "the examples alone without a background",
      examples: examples(11, 5),
      background: [],
      expected: 5.1,
    },
    {
      name: "half of each at fifty examples",
      examples: examples(50, 1),
      background: spread(101, 0),
      expected: 1,
    },
    {
      name: "nearly only the examples at 1,950",
      examples: examples(1950, 5),
      background: spread(101, 0),
      expected: 5,
    },
    { name: "zero without either", examples: [], background: [], expected: 0 },
  ])("hears $name", ({ examples: judged, background, expected }) => {
    expect(fitThresholds(judged, background).energy).toBeCloseTo(expected, 2);
  });

  it.each([
    { name: "at the 12 % smallest", margins: spread(101, 0.3), expected: 0.42 },
    { name: "never above 0.8", margins: [1, 1, 1], expected: 0.8 },
    { name: "never below 0.2", margins: [0, 0, 0], expected: 0.2 },
    { name: "at 0.5 without examples", margins: [], expected: 0.5 },
  ])("asks $name", ({ margins, expected }) => {
    const judged = margins.map((margin) => ({ energy: 0, margin }));
    expect(fitThresholds(judged, []).margin).toBeCloseTo(expected, 6);
  });
});

describe("quantile", () => {
  it.each([
    { values: [], q: 0.5, expected: undefined },
    { values: [7], q: 0.1, expected: 7 },
    { values: [3, 1, 2], q: 0.5, expected: 2 },
    { values: [0, 10], q: 0.1, expected: 1 },
    { values: [1, 2, 3], q: 1, expected: 3 },
  ])("of $values at $q is $expected", ({ values, q, expected }) => {
    expect(quantile(values, q)).toBe(expected);
  });
});

describe("softmax", () => {
  it("sums to one and keeps the order, whatever the scores", () => {
    const scores = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(scores, (values) => {
        const probabilities = new Float64Array(values.length);
        softmax(values, probabilities);
        expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        expect(Math.max(...probabilities)).toBe(probabilities[values.indexOf(Math.max(...values))]);
      }),
    );
  });

  it("has no energy without scores", () => {
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe("a glance", () => {
  it("is acceptable where the ranking is accepted", () => {
    const energy = fc.constantFrom(1, 2, 3, Number.NaN, Number.NEGATIVE_INFINITY);
    const shares = fc.array(fc.constantFrom(0.1, 0.3, 0.5), { maxLength: 3 });
    fc.assert(
      fc.property(energy, shares, fc.constantFrom(0, 0.2, 1), (height, more, margin) => {
        const probabilities = [
          ...more,
          1 -
            Math.min(
              1,
              more.reduce((sum, p) => sum + p, 0),
            ),
        ].sort((a, b) => b - a);
        const ranking = rankingOf(height, ...probabilities);
        const [best] = ranking.agents;
        const glance = {
          agent: best?.agent,
          probability: best?.probability ?? 0,
          energy: ranking.energy,
          margin: ranking.margin,
        };
        const thresholds = { energy: 2, margin };
        expect(isAcceptable(glance, thresholds)).toBe(decide(ranking, thresholds).kind === "accept");
      }),
    );
  });

  it("at an empty catalogue is not", () => {
    const nobody = { agent: undefined, probability: 0, energy: 9, margin: 1 };
    expect(isAcceptable(nobody, { energy: 0, margin: 0 })).toBe(false);
  });
});
