import { describe, expect, it } from "vitest";
import type { Ranking } from "./model.ts";
import { type Bond, type RankedTurn, rankInConversation } from "./stay-filter.ts";

const thresholds = { energy: 0 };

function ranking(probabilities: Readonly<Record<string, number>>, energy: number): Ranking {
  const agents = Object.entries(probabilities)
    .map(([agent, probability]) => ({
      agent,
      probability,
      best: { agent, capability: `${agent}-c`, probability },
    }))
    .sort((left, right) => right.probability - left.probability);
  return { agents, capabilities: [], energy, margin: 0, matches: [] };
}

function turn(
  probabilities: Readonly<Record<string, number>>,
  energy: number,
  words = 3,
  bond: Bond = "stays",
): RankedTurn {
  return { ranking: ranking(probabilities, energy), bond, words };
}

const aboutA = turn({ a: 0.9, b: 0.1 }, 3);
const window = ranking({ a: 0.7, b: 0.3 }, 1);

describe("rankInConversation", () => {
  it("leaves a first message as it is", () => {
    const current = turn({ a: 0.4, b: 0.6 }, 1);
    expect(rankInConversation({ earlier: [], current, window }, thresholds)).toBe(current.ranking);
  });

  it.each([
    { name: "a short message that says nothing stays", current: turn({ a: 0.4, b: 0.6 }, -3), agent: "a" },
    { name: "a message that speaks for itself goes", current: turn({ a: 0.05, b: 0.95 }, 5), agent: "b" },
    { name: "a longer one needs to say less to go", current: turn({ a: 0.3, b: 0.7 }, 1, 10), agent: "b" },
    {
      name: "one that begins something new goes",
      current: turn({ a: 0.5, b: 0.5 }, 0, 3, "leaves"),
      agent: "b",
    },
  ])("$name", ({ current, agent }) => {
    const { agents, margin } = rankInConversation({ earlier: [aboutA], current, window }, thresholds);
    expect(agents[0]?.agent).toBe(agent);
    expect(agents.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    expect(margin).toBeGreaterThan(0);
  });

  it.each([{ energy: 1e6 }, { energy: -1e6 }])("is sound at an energy of $energy", ({ energy }) => {
    const current = turn({ a: 0, b: 1 }, energy);
    const { agents } = rankInConversation({ earlier: [aboutA], current, window }, thresholds);
    expect(agents.every(({ probability }) => probability >= 0 && probability <= 1)).toBe(true);
  });

  it("stays with the only agent", () => {
    const only = turn({ a: 1 }, -1);
    const { agents } = rankInConversation(
      { earlier: [only], current: only, window: only.ranking },
      thresholds,
    );
    expect(agents[0]?.probability).toBe(1);
  });
});
