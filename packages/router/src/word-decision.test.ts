import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RoutableAgent } from "./model.ts";
import { decideByWords } from "./word-decision.ts";

function agent(name: string, description: string, ...examples: readonly string[]): RoutableAgent {
  const capabilities = [{ id: `${name}-id`, name, description, examples }];
  return { name, description: "", capabilities };
}

const agents = [
  agent("billing", "Shows and explains bills.", "why is my bill so high", "explain the last invoice"),
  agent("parcels", "Finds parcels.", "where is my parcel", "my delivery has not arrived"),
  agent("tariffs", "Changes tariffs.", "I want another tariff", "which tariff has more data"),
];

describe("by words alone", () => {
  const rows = [
    { name: "the words of one agent are its message", message: "explain my invoice", accepts: "billing" },
    { name: "an example is its agent's message", message: "Where is my PARCEL?!", accepts: undefined },
    {
      name: "greetings count for nothing",
      message: "Hello there, explain my invoice, thank you!",
      accepts: "billing",
    },
    {
      name: "words of several agents are asked about",
      message: "the tariff on my invoice",
      accepts: undefined,
    },
    {
      name: "mostly other words are asked about",
      message: "explain quantum chromodynamics and gauge theory",
      accepts: undefined,
    },
    { name: "words that everyone says are asked about", message: "where is my", accepts: undefined },
    { name: "words that nobody uses are asked about", message: "zebra crossing", accepts: undefined },
    { name: "nothing at all is asked about", message: "", accepts: undefined },
  ];
  test.each(rows)("$name", ({ message, accepts }) => {
    const decision = decideByWords(message, agents);
    expect(decision.decision === "accept" ? decision.agent : undefined).toBe(accepts);
    expect(decision.decision).toBe(accepts === undefined ? "ask" : "accept");
    expect(decision.explanation.stage).toBe("words");
  });

  test("the agents in question are those that use a word of the message, the likeliest first", () => {
    const decision = decideByWords("is the tariff on the invoice?", agents);
    expect(decision).toMatchObject({
      decision: "ask",
      choices: [{ agent: "billing" }, { agent: "tariffs" }],
    });
    expect(decision.decision === "ask" && decision.question).toContain("Shows and explains bills");
  });

  test("where nobody uses one, the first agents are in question", () => {
    const many = ["a", "b", "c", "d"].map((name) => agent(name, `Does ${name}.`));
    expect(decideByWords("zebra", many)).toMatchObject({
      decision: "ask",
      choices: [{ agent: "a" }, { agent: "b" }, { agent: "c" }],
    });
  });

  test("an accepted agent comes with the capability that has the words", () => {
    const several: RoutableAgent = {
      ...agent("billing", "Shows bills.", "why is my bill so high"),
      capabilities: [
        { id: "show", name: "show", description: "Shows bills.", examples: [] },
        { id: "dispute", name: "dispute-charge", description: "", examples: ["I dispute this charge"] },
      ],
    };
    const decision = decideByWords("dispute a charge", [several, ...agents.slice(1)]);
    expect(decision).toMatchObject({ decision: "accept", agent: "billing", capability: "dispute" });
  });

  test("there is nobody to decide for where there are no agents, or none that can do anything", () => {
    const idle: RoutableAgent = { name: "idle", description: "", capabilities: [] };
    expect(decideByWords("explain my invoice", []).decision).toBe("none");
    expect(decideByWords("explain my invoice", [idle])).toMatchObject({ decision: "none", alternatives: [] });
  });

  test("the question is in the channel's language, else in that of the message", () => {
    const decision = decideByWords("zebra", agents, "de-AT");
    expect(decision.decision === "ask" && decision.question).toMatch(/^Ich möchte/);
    const spoken = decideByWords("wo ist mein Zebra", agents);
    expect(spoken.decision === "ask" && spoken.question).toMatch(/^Ich möchte/);
  });
});

test("whatever is said, only agents that are there are named, with confidences from 0 to 1 in order", () => {
  const names = new Set(agents.map(({ name }) => name));
  fc.assert(
    fc.property(anyText({ maxLength: 200 }), (message) => {
      const { alternatives, confidence } = decideByWords(message, agents);
      expect(alternatives.every(({ agent: name }) => names.has(name))).toBe(true);
      const confidences = alternatives.map((each) => each.confidence);
      expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
      expect(confidences.every((each) => each >= 0 && each <= 1)).toBe(true);
      expect(confidence).toBe(confidences[0]);
    }),
  );
});

test("the order of the words does not matter", () => {
  const words = fc.shuffledSubarray(["explain", "my", "invoice", "tariff", "parcel", "zebra"], {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, (said) => {
      const [one, other] = [said, said.toReversed()].map((each) => decideByWords(each.join(" "), agents));
      expect(one?.decision).toBe(other?.decision);
      expect(one?.alternatives.map(({ agent: name }) => name)).toEqual(
        other?.alternatives.map(({ agent: name }) => name),
      );
    }),
  );
});
