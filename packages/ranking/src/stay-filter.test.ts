import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ranking } from "./model.ts";
import {
  type RankedConversation,
  type RankedTurn,
  rankInConversation,
  type TurnSigns,
} from "./stay-filter.ts";

type Shares = Readonly<Record<string, number>>;

function ranking(probabilities: Shares, energy = 0): Ranking {
  const agents = Object.entries(probabilities)
    .map(([agent, probability]) => ({
      agent,
      probability,
      best: { agent, capability: `${agent}-c`, probability },
    }))
    .sort((left, right) => right.probability - left.probability);
  return { agents, capabilities: [], energy, margin: 0, matches: [] };
}

function turn(probabilities: Shares, signs: Partial<TurnSigns> = {}, energy = 0): RankedTurn {
  return {
    ranking: ranking(probabilities, energy),
    density: { probabilities: new Map(Object.entries(probabilities)) },
    signs: {
      words: 3,
      beginsAnew: false,
      goesOn: false,
      followsQuestion: false,
      refersBack: false,
      corrects: false,
      namesNothing: false,
      ...signs,
    },
  };
}

/** `a` has the turn. */
function afterA(current: RankedTurn): RankedConversation {
  return { holder: "a", earlier: [], current, window: ranking({ a: 0.7, b: 0.3 }) };
}

function believedIn(conversation: RankedConversation, agent: string): number {
  const { agents } = rankInConversation(conversation).ranking;
  return agents.find((candidate) => candidate.agent === agent)?.probability ?? 0;
}

function stayFactorOf(current: RankedTurn): number {
  return rankInConversation(afterA(current)).stayFactor;
}

describe("rankInConversation", () => {
  it.each([
    { name: "where nothing was said before", holder: undefined },
    { name: "where an agent answered that is not there anymore", holder: "gone" },
  ])("leaves a message as it is $name", ({ holder }) => {
    const current = turn({ a: 0.4, b: 0.6 });
    const ranked = rankInConversation({ ...afterA(current), holder });
    expect(ranked).toEqual({ ranking: current.ranking, stayFactor: 1 });
  });

  it.each([
    { name: "a short message that says nothing stays", current: turn({ a: 0.4, b: 0.6 }), agent: "a" },
    {
      name: "a message that speaks for another agent goes",
      current: turn({ a: 0.01, b: 0.99 }, { words: 6 }),
      agent: "b",
    },
    {
      name: "a longer one needs to say less to go",
      current: turn({ a: 0.3, b: 0.7 }, { words: 10 }),
      agent: "b",
    },
    {
      name: "one that begins something new goes",
      current: turn({ a: 0.2, b: 0.8 }, { words: 5, beginsAnew: true }),
      agent: "b",
    },
    {
      name: "an answer to a question stays",
      current: turn({ a: 0.05, b: 0.95 }, { words: 4, followsQuestion: true }),
      agent: "a",
    },
    { name: "half a sentence stays", current: turn({ a: 0.05, b: 0.95 }, { goesOn: true }), agent: "a" },
  ])("$name", ({ current, agent }) => {
    const { agents, margin } = rankInConversation(afterA(current)).ranking;
    expect(agents[0]?.agent).toBe(agent);
    expect(agents.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
    expect(margin).toBeGreaterThan(0);
  });

  it("goes to whom the message is for, not to any other", () => {
    const current = turn({ a: 0.01, b: 0.19, c: 0.8 }, { words: 9 });
    const { agents } = rankInConversation(afterA(current)).ranking;
    expect(agents.map(({ agent }) => agent)).toEqual(["c", "b", "a"]);
  });

  it("stays with the only agent", () => {
    const only = turn({ a: 1 });
    expect(believedIn(afterA(only), "a")).toBeCloseTo(1, 12);
  });

  it("never lets the message alone say more than e⁴ to one", () => {
    const sure = believedIn(afterA(turn({ a: 1e-300, b: 1 }, { words: 4 })), "a");
    expect(sure).toBeCloseTo(believedIn(afterA(turn({ a: 1e-30, b: 1 }, { words: 4 })), "a"), 12);
    expect(sure).toBeGreaterThan(0.01);
  });

  it("keeps the energy, the capabilities and the matches of the message", () => {
    const current = turn({ a: 0.4, b: 0.6 }, {}, 3);
    const { energy, capabilities, matches } = rankInConversation(afterA(current)).ranking;
    expect({ energy, capabilities, matches }).toEqual({ energy: 3, capabilities: [], matches: [] });
  });

  it("names the capability of the window for an agent that keeps the turn in silence", () => {
    const spoken = { agent: "a", capability: "spoken-of", probability: 0.9 };
    const window: Ranking = {
      ...ranking({ b: 0.1 }),
      agents: [{ agent: "a", probability: 0.9, best: spoken }],
    };
    const { agents } = rankInConversation({ ...afterA(turn({ a: 0.4, b: 0.6 })), window }).ranking;
    expect(agents[0]).toMatchObject({ agent: "a", best: { capability: "spoken-of" } });
  });

  it("names the capability of the message for an agent that it is for", () => {
    const current = turn({ a: 0.01, b: 0.99 }, { words: 9 });
    const window: Ranking = {
      ...ranking({ a: 1 }),
      agents: [{ agent: "b", probability: 0.9, best: { agent: "b", capability: "old", probability: 0.9 } }],
    };
    const { agents } = rankInConversation({ ...afterA(current), window }).ranking;
    expect(agents[0]).toMatchObject({ agent: "b", best: { capability: "b-c" } });
  });
});

describe("who had the turn, where nobody is known to have answered", () => {
  const current = turn({ a: 0.5, b: 0.5 });

  it("is whom the message before was for", () => {
    const conversation = { ...afterA(current), holder: undefined, earlier: [turn({ a: 0.1, b: 0.9 })] };
    expect(believedIn(conversation, "b")).toBeGreaterThan(0.6);
  });

  it("stays uncertain where that was", () => {
    const conversation = { ...afterA(current), holder: undefined, earlier: [turn({ a: 0.5, b: 0.5 })] };
    expect(believedIn(conversation, "b")).toBeCloseTo(0.5, 9);
  });

  it("may have changed since it was known", () => {
    const changed = turn({ a: 0.01, b: 0.99 }, { words: 10 });
    expect(believedIn({ ...afterA(current), earlier: [changed] }, "b")).toBeGreaterThan(0.6);
    expect(believedIn({ ...afterA(current), earlier: [] }, "a")).toBeGreaterThan(0.6);
  });

  it("is carried over several messages that say nothing", () => {
    const earlier = [turn({ a: 0.95, b: 0.05 }, { words: 9 }), current, current];
    expect(believedIn({ ...afterA(current), holder: undefined, earlier }, "a")).toBeGreaterThan(0.6);
  });
});

describe("the factor for whoever had the turn", () => {
  const plain = { a: 0.3, b: 0.7 };

  it.each([
    { name: "smaller for a message that begins something new", signs: { beginsAnew: true }, grows: false },
    { name: "larger after a question", signs: { followsQuestion: true }, grows: true },
    { name: "larger for half a sentence", signs: { goesOn: true }, grows: true },
    { name: "larger for a pronoun", signs: { refersBack: true }, grows: true },
    { name: "larger where something is put right", signs: { corrects: true }, grows: true },
    { name: "larger where nothing is named", signs: { namesNothing: true }, grows: true },
    { name: "larger for fewer words", signs: { words: 1 }, grows: true },
    { name: "smaller for more words", signs: { words: 8 }, grows: false },
  ])("is $name", ({ signs, grows }) => {
    expect(stayFactorOf(turn(plain, signs)) > stayFactorOf(turn(plain))).toBe(grows);
  });

  it("is larger where the message lies among nobody's examples more than another's", () => {
    expect(stayFactorOf(turn({ a: 0.5, b: 0.5 }))).toBeGreaterThan(stayFactorOf(turn({ a: 0, b: 1 })));
  });

  it("is as many times larger as there are others to leave for", () => {
    const two = stayFactorOf(turn({ a: 0.5, b: 0.5 }));
    const four = stayFactorOf(turn({ a: 0.25, b: 0.25, c: 0.25, d: 0.25 }));
    expect(four / two).toBeCloseTo(3, 9);
  });

  it("counts words up to fifteen", () => {
    expect(stayFactorOf(turn(plain, { words: 15 }))).toBe(stayFactorOf(turn(plain, { words: 4000 })));
  });
});

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
const anySigns = fc.record({
  words: fc.nat(40),
  beginsAnew: fc.boolean(),
  goesOn: fc.boolean(),
  refersBack: fc.boolean(),
  corrects: fc.boolean(),
  namesNothing: fc.boolean(),
  followsQuestion: fc.boolean(),
});
const anyTurn = fc
  .record({ shares, signs: anySigns, energy: fc.double({ min: -20, max: 20, noNaN: true }) })
  .map(({ shares: [a = 0, b = 0, c = 0], signs, energy }) => {
    const total = a + b + c || 1;
    const even = a + b + c === 0 ? 1 / 3 : 0;
    return turn({ a: a / total + even, b: b / total + even, c: c / total + even }, signs, energy);
  });
const anyConversation = fc.record({
  holder: fc.constantFrom(undefined, "a", "b", "c", "gone"),
  earlier: fc.array(anyTurn, { maxLength: 4 }),
  current: anyTurn,
  window: anyTurn.map((each) => each.ranking),
});

describe("any conversation", () => {
  it("gives probabilities that sum to one, best first, and the margin between the best two", () => {
    fc.assert(
      fc.property(anyConversation, (conversation) => {
        fc.pre(conversation.holder !== undefined && conversation.holder !== "gone");
        const { ranking: ranked, stayFactor } = rankInConversation(conversation);
        const probabilities = ranked.agents.map(({ probability }) => probability);
        expect(stayFactor).toBeGreaterThan(0);
        expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);
        expect(probabilities).toEqual(probabilities.toSorted((x, y) => y - x));
        expect(probabilities.every((each) => each >= 0 && each <= 1 + 1e-12)).toBe(true);
        expect(ranked.margin).toBeCloseTo((probabilities[0] ?? 0) - (probabilities[1] ?? 0), 12);
      }),
    );
  });

  it("makes whoever had the turn likelier exactly where its factor is above one", () => {
    fc.assert(
      fc.property(anyTurn, (current) => {
        const own = [...current.density.probabilities.values()].map(
          (each) => Math.max(each, Math.exp(-4)) ** 0.83,
        );
        const alone = (own[0] ?? 0) / own.reduce((sum, each) => sum + each, 0);
        const { stayFactor } = rankInConversation(afterA(current));
        const odds = (probability: number): number => probability / (1 - probability);
        const ratio = odds(believedIn(afterA(current), "a")) / odds(alone);
        expect(Math.log(ratio)).toBeCloseTo(Math.log(stayFactor), 6);
      }),
    );
  });

  it("is the likelier to stay, the more the message lies among the agent's own examples", () => {
    const share = fc.double({ min: 0.02, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(share, anySigns, (own, signs) => {
        const more = own + 0.05;
        // the same doubt for both, so that only the share differs
        const density = new Map([
          ["a", own],
          ["b", 1 - own],
        ]);
        const turnOf = (a: number): RankedTurn => ({
          ...turn({ a, b: 1 - a }, signs),
          density: {
            probabilities:
              a === own
                ? density
                : new Map([
                    ["a", a],
                    ["b", 1 - a],
                  ]),
          },
        });
        const oddsOf = (a: number): number => {
          const { stayFactor } = rankInConversation(afterA(turnOf(a)));
          const believed = believedIn(afterA(turnOf(a)), "a");
          return believed / (1 - believed) / stayFactor;
        };
        expect(oddsOf(more)).toBeGreaterThan(oddsOf(own));
      }),
    );
  });
});
