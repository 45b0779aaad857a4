import { describe, expect, it } from "vitest";
import type { ExampleHit } from "./example-store.ts";
import { lmosThresholds, rankByLmosRule } from "./lmos-rule.ts";

function hits(...scores: readonly (readonly [agent: string, score: number])[]): readonly ExampleHit[] {
  return scores.map(([agentId, score], i) => ({
    agentId,
    agentName: agentId,
    agentAddress: "",
    capabilityId: `${agentId}-${i}`,
    capabilityDescription: "",
    example: "",
    score,
  }));
}
const many = (agent: string, count: number, score: number): readonly (readonly [string, number])[] =>
  Array.from({ length: count }, () => [agent, score] as const);

describe("rankByLmosRule", () => {
  it.each([
    { name: "nothing without examples", given: hits(), accepted: false, best: undefined },
    { name: "a lone example at any score", given: hits(["a", 0.1]), accepted: true, best: "a" },
    {
      name: "not four perfect ones: five are needed",
      given: hits(...many("a", 4, 1)),
      accepted: false,
      best: "a",
    },
    { name: "five perfect ones without a rival", given: hits(...many("a", 5, 1)), accepted: true, best: "a" },
    { name: "not six of a low mean", given: hits(...many("a", 7, 0.75)), accepted: false, best: "a" },
    {
      name: "eight against two",
      given: hits(...many("a", 8, 0.95), ...many("b", 2, 0.9)),
      accepted: true,
      best: "a",
    },
    {
      name: "not six against four: too near",
      given: hits(...many("a", 6, 0.95), ...many("b", 4, 0.9)),
      accepted: false,
      best: "a",
    },
    {
      name: "not what is far enough but by too many examples",
      given: hits(...many("a", 20, 0.9), ...many("b", 14, 0.9)),
      accepted: false,
      best: "a",
    },
  ])("accepts $name", ({ given, accepted, best }) => {
    const ranking = rankByLmosRule(given, lmosThresholds);
    expect(ranking.accepted).toBe(accepted);
    expect(ranking.candidates[0]?.agentId).toBe(best);
  });

  it("takes thresholds that fit a small catalogue", () => {
    const low = { minScore: 1, minDistance: 0.5, minMeanScore: 0.5, minRelDistance: 0.1 };
    expect(rankByLmosRule(hits(["a", 0.9], ["a", 0.9], ["b", 0.8]), low).accepted).toBe(true);
  });

  it("names the capability of an agent's nearest example", () => {
    expect(rankByLmosRule(hits(["b", 0.9], ["a", 0.8], ["a", 0.7]), lmosThresholds).candidates).toMatchObject(
      [
        { agentId: "a", capabilityId: "a-1", hits: 2 },
        { agentId: "b", capabilityId: "b-0", hits: 1 },
      ],
    );
  });
});
