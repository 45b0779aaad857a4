import type { Ranking } from "@lmos/ranking";
import { describe, expect, it } from "vitest";
import { inTurn, staysUnread, withFollowUp } from "./follow-up.ts";

const thresholds = { energy: 2, margin: 0.6 };

function rankedFor(best: string, probability: number, energy: number): Ranking {
  const candidate = (name: string, share: number) => ({
    agent: name,
    probability: share,
    best: { agent: name, capability: "c", probability: share },
  });
  const other = best === "a" ? "b" : "a";
  return {
    agents: [candidate(best, probability), candidate(other, 1 - probability)],
    capabilities: [],
    energy,
    margin: 2 * probability - 1,
    matches: [],
  };
}

describe("withFollowUp", () => {
  const short = "and in April?";
  const long = "who was the third emperor of the dynasty that built those walls near the desert";

  it.each([
    { name: "stays and looks like going on", best: "a", stayFactor: 1.5, passes: true },
    { name: "stays but looks like something new", best: "a", stayFactor: 0.5, passes: false },
    { name: "stays, less likely than not", best: "a", probability: 0.4, passes: true, isOpen: true },
    { name: "goes elsewhere for sure", best: "b", probability: 0.75, stayFactor: 9, passes: true },
    {
      name: "goes elsewhere for sure and looks new",
      best: "b",
      probability: 0.75,
      stayFactor: 0.1,
      passes: true,
    },
    { name: "goes elsewhere, perhaps", best: "b", stayFactor: 0.9, passes: false },
    {
      name: "goes elsewhere, perhaps, but may go on",
      best: "b",
      stayFactor: 3.9,
      passes: true,
      isOpen: true,
    },
    { name: "goes elsewhere, perhaps, but looks much like going on", best: "b", stayFactor: 4, passes: true },
    { name: "is long and looks much like going on", best: "b", stayFactor: 9, text: long, passes: false },
    { name: "goes on with an agent that is gone", best: "b", stayFactor: 9, holder: "gone", passes: false },
    { name: "is long", best: "a", stayFactor: 9, text: long, passes: false },
    { name: "goes on with nobody knows whom", best: "b", stayFactor: 1.5, holder: undefined, passes: true },
  ])("$name: passes $passes, open $isOpen", ({ best, passes, isOpen = false, ...rest }) => {
    const { probability = 0.6, stayFactor = 1.5, text = short } = rest;
    const ranking = rankedFor(best, probability, -1);
    const followed = { ranking, stayFactor, holder: "holder" in rest ? rest.holder : "a" };
    const followUp = withFollowUp(followed, { text, thresholds });
    expect(followUp.ranking.energy).toBe(passes ? thresholds.energy : -1);
    expect(followUp.isOpen).toBe(isOpen);
  });

  it("stays with who had the turn where what it resembles is not sure and it looks much like going on", () => {
    const ranking = rankedFor("b", 0.6, -1);
    const { ranking: followed } = withFollowUp(
      { ranking, stayFactor: 4, holder: "a" },
      { text: short, thresholds },
    );
    expect(followed.agents.map(({ agent: name, probability }) => [name, probability])).toEqual([
      ["a", 0.8],
      ["b", 0.2],
    ]);
    expect(followed.margin).toBeCloseTo(0.6, 12);
  });

  it("offers who has the turn where it is open, however many are likelier", () => {
    const { agents } = rankedFor("b", 0.6, -1);
    const [likeliest, holder] = agents;
    const others = ["c", "d", "e"].flatMap((name) => (likeliest ? [{ ...likeliest, agent: name }] : []));
    const ranking = {
      ...rankedFor("b", 0.6, -1),
      agents: [likeliest, ...others, holder].flatMap((one) => one ?? []),
    };
    const followUp = withFollowUp({ ranking, stayFactor: 2, holder: "a" }, { text: short, thresholds });
    expect(followUp.isOpen).toBe(true);
    expect(followUp.ranking.agents.map(({ agent: name }) => name)).toEqual(["b", "a", "c", "d", "e"]);
  });

  it("goes elsewhere as before where its own words say so", () => {
    const ranking = rankedFor("b", 0.6, 7);
    const followUp = withFollowUp({ ranking, stayFactor: 9, holder: "a" }, { text: short, thresholds });
    expect(followUp).toEqual({ ranking, isOpen: false });
  });

  it("never lowers an energy, nor touches the agents", () => {
    const ranking = rankedFor("a", 0.9, 7);
    const followUp = withFollowUp({ ranking, stayFactor: 5, holder: "a" }, { text: short, thresholds });
    expect(followUp).toEqual({ ranking, isOpen: false });
  });

  it("leaves the ranking of an empty catalogue", () => {
    const ranking: Ranking = { agents: [], capabilities: [], energy: 0, margin: 0, matches: [] };
    const followUp = withFollowUp({ ranking, stayFactor: 5, holder: undefined }, { text: short, thresholds });
    expect(followUp).toEqual({ ranking, isOpen: false });
  });
});

describe("inTurn", () => {
  it.each([
    { name: "asks nothing where the agent keeps the turn", best: "a", holder: "a", margin: 0 },
    { name: "asks up to 0.3 where it goes elsewhere", best: "b", holder: "a", margin: 0.3 },
    { name: "asks up to 0.3 where nobody is known to have it", best: "a", holder: undefined, margin: 0.3 },
  ])("$name", ({ best, holder, margin }) => {
    const ranking = rankedFor(best, 0.6, 1);
    expect(inTurn(thresholds, { ranking, holder, isOpen: false })).toEqual({ energy: 2, margin });
  });

  it("keeps a margin that is smaller", () => {
    const ranking = rankedFor("b", 0.6, 1);
    expect(inTurn({ energy: 2, margin: 0.2 }, { ranking, holder: "a", isOpen: false }).margin).toBe(0.2);
  });

  it.each(["a", "b", undefined])("always asks about what is open, whoever had the turn: %s", (holder) => {
    const ranking = rankedFor("a", 0.9, 1);
    const { margin } = inTurn(thresholds, { ranking, holder, isOpen: true });
    expect(margin).toBeGreaterThan(ranking.margin);
  });
});

describe("staysUnread", () => {
  it.each([
    { name: "a name", text: "Krzysztof Brzeziński", stays: true },
    { name: "a thumb up", text: "👍", stays: true },
    { name: "another language", text: "und im April bitte", isForeign: true, stays: false },
    { name: "what looks little like going on", text: "Krzysztof", stayFactor: 3, stays: false },
    { name: "what is for another agent", text: "Krzysztof", best: "b", stays: false },
    { name: "where nobody is known to have the turn", text: "Krzysztof", holder: undefined, stays: false },
    { name: "a long text", text: "qwertz ".repeat(20), stays: false },
  ])("$name: $stays", ({ text, stays, isForeign = false, stayFactor = 9, best = "a", ...rest }) => {
    const followed = {
      ranking: rankedFor(best, 0.6, 1),
      stayFactor,
      holder: "holder" in rest ? rest.holder : "a",
    };
    expect(staysUnread(followed, { text, isForeign })).toBe(stays);
  });
});
