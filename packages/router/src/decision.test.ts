import type { AgentCandidate, Ranking } from "@lmos/ranking";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isReadable } from "./coverage.ts";
import { toDecision } from "./decision.ts";
import type { RoutableAgent } from "./model.ts";

const agents: readonly RoutableAgent[] = ["a", "b", "c", "d"].map((name) => ({
  name,
  description: "",
  capabilities: [{ id: `${name}-c`, name: `${name}-c`, description: `Does ${name}`, examples: [] }],
}));
const candidate = (agent: string, probability: number): AgentCandidate => ({
  agent,
  probability,
  best: { agent, capability: `${agent}-c`, probability },
});

function ranking(energy: number, ...probabilities: readonly number[]): Ranking {
  const listed = probabilities.map((probability, i) => candidate(agents[i]?.name ?? "", probability));
  const [first = 0, second = 0] = probabilities;
  return {
    agents: listed,
    capabilities: listed.map(({ best }) => best),
    energy,
    margin: first - second,
    matches: [],
  };
}

const thresholds = { energy: 0, margin: 0.3 };
const decide = (ranked: Ranking, coverage = 1) =>
  toDecision({ agents }, { ranking: ranked, thresholds, coverage }, asked("where is it"));

function asked(message: string, ...before: readonly string[]) {
  return { message, history: before.map((content) => ({ role: "user" as const, content })) };
}

describe("toDecision", () => {
  it.each([
    { name: "accepts a clear message", ranked: ranking(1, 0.9, 0.1), coverage: 1, decision: "accept" },
    { name: "accepts at the thresholds", ranked: ranking(0, 0.75, 0.25), coverage: 0.5, decision: "accept" },
    {
      name: "asks about two that are close",
      ranked: ranking(1, 0.5, 0.45, 0.05),
      coverage: 1,
      decision: "ask",
    },
    {
      name: "refuses what resembles nothing",
      ranked: ranking(-0.1, 0.9, 0.1),
      coverage: 1,
      decision: "none",
    },
    {
      name: "refuses what cannot be read, however it ranks",
      ranked: ranking(9, 1, 0),
      coverage: 0.49,
      decision: "none",
    },
    { name: "refuses without agents", ranked: ranking(9), coverage: 1, decision: "none" },
    { name: "accepts the only agent", ranked: ranking(1, 1), coverage: 1, decision: "accept" },
  ])("$name", ({ ranked, coverage, decision }) => {
    expect(decide(ranked, coverage).decision).toBe(decision);
  });

  it("names the accepted agent's likeliest capability, and the best three agents", () => {
    expect(decide(ranking(1, 0.7, 0.15, 0.1, 0.05))).toMatchObject({
      agent: "a",
      capability: "a-c",
      confidence: 0.7,
      alternatives: [{ agent: "a" }, { agent: "b" }, { agent: "c" }],
    });
  });

  it("asks with a question that names the choices, in the language that is wanted", () => {
    const message = { ranking: ranking(1, 0.5, 0.5), thresholds, coverage: 1 };
    expect(toDecision({ agents }, message, asked("where is it"))).toMatchObject({
      question: expect.stringContaining("“Does a” or “Does b”"),
    });
    const german = toDecision({ agents, language: "de" }, message, asked("where is it"));
    expect(german).toMatchObject({ question: expect.stringContaining("„Does a“ oder „Does b“") });
    const spoken = toDecision({ agents }, message, asked("4711", "wo ist mein Paket"));
    expect(spoken).toMatchObject({ question: expect.stringContaining("„Does a“ oder „Does b“") });
  });

  it("explains itself with the numbers that it rests on", () => {
    expect(decide(ranking(1.5, 0.9, 0.1), 0.8).explanation).toEqual({
      stage: "vector",
      margin: expect.closeTo(0.8, 9),
      marginThreshold: 0.3,
      energy: 1.5,
      energyThreshold: 0,
      coverage: 0.8,
      coverageThreshold: 0.5,
      matchedExamples: [],
    });
  });

  it("is never surer of anybody than it can read", () => {
    const shares = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(shares, fc.double({ min: 0, max: 1, noNaN: true }), (values, coverage) => {
        const total = values.reduce((sum, value) => sum + value, 0);
        const sorted = values.map((value) => value / total).toSorted((x, y) => y - x);
        const { confidence, alternatives } = decide(ranking(5, ...sorted), coverage);
        expect(confidence).toBe(alternatives[0]?.confidence);
        expect(confidence).toBeLessThanOrEqual((sorted[0] ?? 0) + 1e-9);
        expect(confidence).toBeGreaterThanOrEqual(1 / sorted.length - 1e-9);
        if (!isReadable(coverage)) {
          const even = 1 / sorted.length;
          expect(confidence).toBeCloseTo(coverage * (sorted[0] ?? 0) + (1 - coverage) * even, 9);
        }
      }),
    );
  });
});
