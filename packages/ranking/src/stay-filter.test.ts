import fc from "fast-check";
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
  return { ranking: ranking(probabilities, energy), window: inWindow, bond, words };
}

const inWindow = ranking({ a: 0.7, b: 0.3 }, 1);
const aboutA = turn({ a: 0.9, b: 0.1 }, 3);

describe("rankInConversation", () => {
  it("leaves a first message as it is", () => {
    const current = turn({ a: 0.4, b: 0.6 }, 1);
    expect(rankInConversation({ earlier: [], current }, thresholds)).toBe(current.ranking);
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
    const { agents, margin } = rankInConversation({ earlier: [aboutA], current }, thresholds);
    expect(agents[0]?.agent).toBe(agent);
    expect(agents.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    expect(margin).toBeGreaterThan(0);
  });

  it.each([{ energy: 1e6 }, { energy: -1e6 }])("is sound at an energy of $energy", ({ energy }) => {
    const current = turn({ a: 0, b: 1 }, energy);
    const { agents } = rankInConversation({ earlier: [aboutA], current }, thresholds);
    expect(agents.every(({ probability }) => probability >= 0 && probability <= 1)).toBe(true);
  });

  it("stays with the only agent", () => {
    const only = turn({ a: 1 }, -1);
    const { agents } = rankInConversation({ earlier: [only], current: only }, thresholds);
    expect(agents[0]?.probability).toBe(1);
  });

  it("knows who had the turn where that is known, whatever the message looked like", () => {
    const answered = { ...turn({ a: 0.99, b: 0.01 }, 5), answeredBy: "b" };
    const current = turn({ a: 0.5, b: 0.5 }, -2, 2);
    const { agents } = rankInConversation({ earlier: [answered], current }, thresholds);
    expect(agents[0]?.agent).toBe("b");
    expect(agents[0]?.probability).toBeGreaterThan(0.8);
  });

  it("guesses where an agent answered that is not there anymore", () => {
    const current = turn({ a: 0.5, b: 0.5 }, -2, 2);
    const guessed = rankInConversation({ earlier: [aboutA], current }, thresholds);
    const gone = { ...aboutA, answeredBy: "gone" };
    expect(rankInConversation({ earlier: [gone], current }, thresholds)).toEqual(guessed);
  });

  it("stays rather when the message reads with what was said before as if it were for the same agent", () => {
    const answered = { ...aboutA, answeredBy: "a" };
    const staying = (a: number): number => {
      const current = { ...turn({ a: 0.4, b: 0.6 }, -1, 6), window: ranking({ a, b: 1 - a }, 1) };
      const { agents } = rankInConversation({ earlier: [answered], current }, thresholds);
      return agents.find(({ agent }) => agent === "a")?.probability ?? 0;
    };
    expect(staying(0.9)).toBeGreaterThan(staying(0.1));
  });

  it("names the capability of the window for an agent that keeps the turn in silence", () => {
    const spoken = { agent: "a", capability: "spoken-of", probability: 0.9 };
    const window: Ranking = {
      ...inWindow,
      agents: [{ agent: "a", probability: 0.9, best: spoken }, ...inWindow.agents.slice(1)],
    };
    const current = { ...turn({ a: 0.4, b: 0.6 }, -3, 2), window };
    const { agents } = rankInConversation({ earlier: [aboutA], current }, thresholds);
    expect(agents[0]).toMatchObject({ agent: "a", best: { capability: "spoken-of" } });
  });

  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
  const anyTurn = fc
    .record({
      shares,
      energy: fc.double({ min: -20, max: 20, noNaN: true }),
      words: fc.nat(40),
      bond: fc.constantFrom<Bond>("stays", "leaves"),
      answeredBy: fc.constantFrom(undefined, "a", "b", "c"),
    })
    .map(({ shares: [a = 0, b = 0, c = 0], energy, words, bond, answeredBy }) => {
      const total = a + b + c || 1;
      const even = a + b + c === 0 ? 1 / 3 : 0;
      const probabilities = { a: a / total + even, b: b / total + even, c: c / total + even };
      return { ...turn(probabilities, energy, words, bond), answeredBy };
    });

  it("gives probabilities that sum to one, and the margin between the best two, for any conversation", () => {
    fc.assert(
      fc.property(fc.array(anyTurn, { minLength: 1, maxLength: 5 }), anyTurn, (earlier, current) => {
        const ranked = rankInConversation({ earlier, current }, thresholds);
        const probabilities = ranked.agents.map(({ probability }) => probability);
        expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);
        expect(probabilities).toEqual(probabilities.toSorted((x, y) => y - x));
        expect(ranked.margin).toBeCloseTo((probabilities[0] ?? 0) - (probabilities[1] ?? 0), 12);
        expect(ranked.energy).toBe(current.ranking.energy);
      }),
    );
  });

  it("stays the less likely, the more a message has to say for another agent", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.nat(14), (energy, words) => {
        const stayWith = (own: number): number => {
          const current = turn({ a: 0.1, b: 0.9 }, own, words);
          const earlier = [{ ...aboutA, answeredBy: "a" }];
          const { agents } = rankInConversation({ earlier, current }, thresholds);
          return agents.find(({ agent }) => agent === "a")?.probability ?? 0;
        };
        expect(stayWith(energy + 1)).toBeLessThanOrEqual(stayWith(energy) + 1e-12);
      }),
    );
  });
});
