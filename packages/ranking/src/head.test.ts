import { SeededRandom } from "@lmos/testing";
import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backgroundSentences } from "./background.ts";
import { decide } from "./decide.ts";
import { fitHead } from "./head.ts";
import type { CapabilityExample, EmbeddedText, RankedCapability, Ranking, RankingHead } from "./model.ts";
import { runSteps } from "./steps.ts";

const dimension = 24;

/** A stand-in for an embedding: every word has a random direction, a text is their sum. */
function embed(text: string): EmbeddedText {
  const sum = new Float32Array(dimension);
  for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
    const random = new SeededRandom([...word].reduce((seed, letter) => seed * 31 + letter.charCodeAt(0), 7));
    for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + random.next() - 0.5;
  }
  const norm = Math.hypot(...sum) || 1;
  return { text, vector: sum.map((value) => value / norm) };
}

function example(text: string): CapabilityExample {
  return { ...embed(text), synthetic: false };
}

function capability(agent: string, id: string, ...texts: readonly string[]): RankedCapability {
  return { agent, id, examples: texts.map(example) };
}

const background = backgroundSentences.map(embed);
const catalogue: readonly RankedCapability[] = [
  capability("billing", "show", "show my bill", "show the last bill", "bill of march", "why is my bill high"),
  capability("billing", "pay", "pay my bill", "pay by card", "pay the open amount", "how to pay"),
  capability(
    "network",
    "outage",
    "internet is down",
    "no internet",
    "internet outage here",
    "connection is down",
  ),
  capability("network", "slow", "internet is slow", "slow connection", "wifi slow", "why is wifi slow"),
  capability("orders", "track", "where is my order", "track my order", "order status", "when comes my order"),
];

function rank(capabilities: readonly RankedCapability[], text: string): Ranking {
  return fitHead({ capabilities, background }).rank(embed(text));
}

function expectSound(ranking: Ranking): void {
  const sumOf = (items: readonly { readonly probability: number }[]): number =>
    items.reduce((sum, { probability }) => sum + probability, 0);
  expect(sumOf(ranking.capabilities)).toBeCloseTo(1, 4);
  expect(sumOf(ranking.agents)).toBeCloseTo(1, 9);
  expect(Number.isFinite(ranking.energy)).toBe(true);
  expect(ranking.margin).toBeGreaterThanOrEqual(0);
  expect(ranking.margin).toBeLessThanOrEqual(1);
}

describe("fitHead", () => {
  it("finds the capability that a message asks for, and the example nearest to it", () => {
    const ranking = rank(catalogue, "where is the order");
    expect(ranking.agents[0]).toMatchObject({ agent: "orders", best: { capability: "track" } });
    expect(ranking.matches[0]?.text).toBe("where is my order");
    expect(ranking.matches).toHaveLength(3);
  });

  it("gives probabilities that sum to one for any text", () => {
    const head = fitHead({ capabilities: catalogue, background });
    fc.assert(fc.property(anyText(), (text) => expectSound(head.rank(embed(text)))));
  });

  it("names the nearest examples first, of those that are as near the first of the catalogue", () => {
    const head = fitHead({ capabilities: catalogue, background });
    const text = fc.constantFrom("show my bill", "no internet", "pay by card", "a cat", "my bill of march");
    fc.assert(
      fc.property(text, text, (one, other) => {
        const { matches } = head.rank(embed(`${one} ${other}`));
        expect(matches).toHaveLength(3);
        const similarities = matches.map(({ similarity }) => similarity);
        expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
        expect(new Set(matches.map((match) => match.text)).size).toBe(3);
      }),
    );
  });

  it("gives each message what a head of its own gives, in whatever order they come", () => {
    const head = fitHead({ capabilities: catalogue, background });
    const message = fc.constantFrom(
      "show my bill",
      "internet down",
      "pay",
      "",
      "a cat",
      "no internet, my bill",
    );
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), message, (before, last) => {
        for (const text of before) {
          head.rank({ ...embed(text), secondVector: embed(`my ${text}`).vector });
          head.densityOf(embed(text));
        }
        const fresh = fitHead({ capabilities: catalogue, background });
        expect(head.densityOf(embed(last))).toEqual(fresh.densityOf(embed(last)));
        expect(head.rank(embed(last))).toEqual(fresh.rank(embed(last)));
      }),
      { numRuns: 20 },
    );
  });

  it("glances at the best agent", () => {
    const head = fitHead({ capabilities: catalogue, background });
    fc.assert(
      fc.property(anyText(), (text) => {
        const { agents, energy, margin } = head.rank(embed(text));
        const [best] = agents;
        expect(head.glance(embed(text))).toEqual({
          agent: best?.agent,
          probability: best?.probability,
          energy,
          margin,
        });
      }),
    );
  });

  it("ranks the same where it is not to be adapted, and cannot be then", () => {
    const head = fitHead({ capabilities: catalogue, background });
    const small = fitHead({ capabilities: catalogue, background, adaptable: false });
    expect(small.adapt).toBeUndefined();
    expect(small.thresholds).toEqual(head.thresholds);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(small.rank(embed(text))).toEqual(head.rank(embed(text)));
      }),
    );
  });

  it("takes the lesser of two energies where a text has two vectors, and leaves the rest", () => {
    const head = fitHead({ capabilities: catalogue, background });
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("pay my bill", "zebra", "", "router is slow"),
        (text, other) => {
          const query = embed(text);
          const { vector } = embed(other);
          const alone = head.rank(query);
          const second = head.rank({ text, vector });
          const energy = Math.min(alone.energy, second.energy);
          expect(head.rank({ ...query, secondVector: vector })).toEqual({ ...alone, energy });
        },
      ),
    );
  });

  it("does not care about the order of capabilities and examples", () => {
    const expected = fitHead({ capabilities: catalogue, background });
    const query = embed("pay the internet bill");
    const shuffled = fc.tuple(
      fc.shuffledSubarray([...catalogue], { minLength: catalogue.length }),
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    );
    fc.assert(
      fc.property(shuffled, ([capabilities, order]) => {
        const head = fitHead({
          background,
          capabilities: capabilities.map((one) => ({
            ...one,
            examples: order.flatMap((i) => one.examples[i] ?? []),
          })),
        });
        expect(head.weights).toEqual(expected.weights);
        expect(head.thresholds).toEqual(expected.thresholds);
        expect(head.rank(query)).toEqual(expected.rank(query));
      }),
      { numRuns: 20 },
    );
  });

  it("keeps its best candidate when an unrelated agent joins", () => {
    const zoo = capability("zoo", "feed", "feed the lions", "when do penguins eat", "zebra food");
    expect(rank([...catalogue, zoo], "pay by card").agents[0]?.agent).toBe("billing");
  });

  it("adds up the probabilities of an agent's capabilities", () => {
    const { agents, capabilities } = rank(catalogue, "bill");
    for (const { agent, probability } of agents) {
      const own = capabilities.filter((candidate) => candidate.agent === agent);
      expect(probability).toBeCloseTo(
        own.reduce((sum, candidate) => sum + candidate.probability, 0),
        9,
      );
    }
  });

  it("ranks nothing for an empty catalogue, and for capabilities without examples", () => {
    for (const capabilities of [[], [capability("a", "b")]]) {
      const head = fitHead({ capabilities, background });
      expect(decide(head.rank(embed("pay my bill")), head.thresholds)).toEqual({ kind: "none" });
    }
  });

  const zero = { text: "", vector: new Float32Array(dimension), synthetic: false };
  it.each([
    { name: "one agent, one capability, one example", capabilities: [capability("a", "b", "pay my bill")] },
    { name: "one capability of many examples", capabilities: catalogue.slice(0, 1) },
    {
      name: "two agents with one example each",
      capabilities: [capability("a", "b", "pay"), capability("c", "d", "eat")],
    },
    {
      name: "duplicates within a capability",
      capabilities: [capability("a", "b", ...Array<string>(20).fill("pay"))],
    },
    {
      name: "the same examples under two agents",
      capabilities: [capability("a", "x", "pay", "pay now"), capability("b", "x", "pay", "pay now")],
    },
    {
      name: "only duplicates, in many classes",
      capabilities: ["a", "b", "c"].map((agent) => capability(agent, "x", ...Array<string>(8).fill("pay"))),
    },
    { name: "the same capability twice", capabilities: [...catalogue, ...catalogue] },
    {
      name: "vectors of zeros",
      capabilities: [{ agent: "a", id: "b", examples: [zero, zero, example("pay")] }],
    },
    {
      name: "vectors of zeros only",
      capabilities: ["a", "b"].map((agent) => ({ agent, id: "x", examples: Array(8).fill(zero) })),
    },
    {
      name: "descriptions only",
      capabilities: catalogue.map((one) => ({
        ...one,
        examples: one.examples.slice(0, 1).map((text) => ({ ...text, synthetic: true })),
      })),
    },
  ])("stays sound with $name", ({ capabilities }) => {
    const head = fitHead({ capabilities, background });
    for (const text of ["pay my bill", "", "penguins"]) expectSound(head.rank(embed(text)));
  });

  it.each([
    { name: "NaN", vector: new Float32Array(dimension).fill(Number.NaN), code: "InvalidVector" },
    {
      name: "infinity",
      vector: new Float32Array(dimension).fill(Number.POSITIVE_INFINITY),
      code: "InvalidVector",
    },
    { name: "another length", vector: new Float32Array(3), code: "DimensionMismatch" },
  ])("refuses a vector with $name, as query and as example", ({ vector, code }) => {
    const broken = { text: "x", vector, synthetic: false };
    const head = fitHead({ capabilities: catalogue, background });
    expect(() => head.rank(broken)).toThrow(expect.objectContaining({ code }));
    const capabilities = [...catalogue, { agent: "z", id: "z", examples: [broken] }];
    expect(() => fitHead({ capabilities, background })).toThrow(expect.objectContaining({ code }));
  });
});

describe("adapt", () => {
  const head = fitHead({ capabilities: catalogue, background });
  const adapted = (capabilities: readonly RankedCapability[]): RankingHead => {
    if (head.adapt === undefined) throw new TypeError("a head of examples can be adapted");
    return runSteps(head.adapt(capabilities));
  };
  const messages = ["where is the order", "pay by card", "no internet since monday", "feed the lions", ""];

  it("gives the same head for the same catalogue", () => {
    const same = adapted(catalogue);
    expect(same.weights).toEqual(head.weights);
    expect(same.thresholds).toEqual(head.thresholds);
    for (const text of messages) expect(same.rank(embed(text))).toEqual(head.rank(embed(text)));
  });

  it("gives it for a copy of the catalogue too, whose vectors it has not seen", () => {
    const copy = catalogue.map((one) => ({
      ...one,
      examples: one.examples.map((each) => ({ ...each, vector: each.vector.slice() })),
    }));
    for (const text of messages) {
      const [expected, ranking] = [head.rank(embed(text)), adapted(copy).rank(embed(text))];
      expect(ranking.agents[0]?.agent).toBe(expected.agents[0]?.agent);
      expect(ranking.energy).toBeCloseTo(expected.energy, 4);
    }
  });

  it("knows what has been added, and no longer what has been taken away", () => {
    const zoo = capability("zoo", "feed", "feed the lions", "when do penguins eat", "zebra food");
    const changed = adapted([...catalogue.filter(({ agent }) => agent !== "orders"), zoo]);
    expect(changed.rank(embed("feed the lions")).agents[0]?.agent).toBe("zoo");
    const agents = changed.rank(embed("where is my order")).agents.map(({ agent }) => agent);
    expect(agents.toSorted()).toEqual(["billing", "network", "zoo"]);
  });

  it("decides nearly as a head fitted anew, one change after the other", () => {
    const extra = fc.uniqueArray(fc.constantFrom("lions", "penguins", "zebras", "ants", "owls"), {
      minLength: 2,
    });
    fc.assert(
      fc.property(fc.array(extra, { minLength: 1, maxLength: 4 }), (groups) => {
        let current = head;
        let capabilities = catalogue;
        for (const [i, words] of groups.entries()) {
          const added = capability(`zoo-${i}`, "feed", ...words.map((word) => `feed the ${word} ${i}`));
          capabilities = [...capabilities, added];
          if (current.adapt !== undefined) current = runSteps(current.adapt(capabilities));
        }
        const fresh = fitHead({ capabilities, background });
        for (const text of ["where is my order", "pay my bill", "internet is down"]) {
          const best = current.rank(embed(text)).agents[0]?.agent;
          expect(best).toBe(fresh.rank(embed(text)).agents[0]?.agent);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("gives an empty head for an empty catalogue, and that has nothing to pass on", () => {
    const empty = adapted([]);
    expect(empty.rank(embed("pay")).agents).toEqual([]);
    expect(empty.adapt).toBeUndefined();
  });

  it.each([
    { name: "NaN", vector: new Float32Array(dimension).fill(Number.NaN), code: "InvalidVector" },
    { name: "another length", vector: new Float32Array(3), code: "DimensionMismatch" },
  ])("refuses a new vector with $name", ({ vector, code }) => {
    const broken = { agent: "z", id: "z", examples: [{ text: "x", vector, synthetic: false }] };
    expect(() => adapted([...catalogue, broken])).toThrow(expect.objectContaining({ code }));
  });
});

describe("backgroundSentences", () => {
  it("are many and all different", () => {
    expect(new Set(backgroundSentences).size).toBe(backgroundSentences.length);
    expect(backgroundSentences.length).toBeGreaterThan(200);
  });
});
