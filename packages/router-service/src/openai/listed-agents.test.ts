import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listedAgents } from "./listed-agents.ts";

const capability = (description: string): string =>
  `<capability>\n<name>c</name>\n<description>${description}</description>\n</capability>\n`;
const agent = (name: string, description: string, capabilities: readonly string[]): string =>
  `<agent>\n<name>${name}</name>\n<description>${description}</description>\n<capabilities>\n${capabilities.map(capability).join("")}</capabilities>\n</agent>\n`;
const list = (...agents: readonly string[]): string => `Choose.\n<agents>\n${agents.join("")}</agents>\nGo.`;

describe("listedAgents", () => {
  it.each([
    {
      name: "the descriptions of capabilities",
      prompt: list(
        agent("billing", "Bills", ["Shows bills", "Takes payments"]),
        agent("parcels", "", ["Finds parcels"]),
      ),
      expected: [
        { id: "billing", descriptions: ["Shows bills", "Takes payments"] },
        { id: "parcels", descriptions: ["Finds parcels"] },
      ],
    },
    {
      name: "an agent's own where it has no capabilities",
      prompt: list(agent("billing", "Bills", [])),
      expected: [{ id: "billing", descriptions: ["Bills"] }],
    },
    {
      name: "what is not escaped",
      prompt: list(agent("a", 'x < y & "z"', ["Says <b>hello</b>"])),
      expected: [{ id: "a", descriptions: ["Says <b>hello</b>"] }],
    },
    {
      name: "an agent once",
      prompt: list(agent("a", "", ["x"]), agent("a", "", ["y"])),
      expected: [{ id: "a", descriptions: ["x"] }],
    },
    {
      name: "an agent of which nothing is told",
      prompt: list(agent("a", "", [])),
      expected: [{ id: "a", descriptions: [] }],
    },
    { name: "no agent without a name", prompt: list(agent("", "d", ["x"])), expected: [] },
    {
      name: "no agent with a name that is none",
      prompt: list(agent("x".repeat(254), "d", ["x"])),
      expected: [],
    },
    { name: "no element without an end", prompt: "<agent><name>a", expected: [] },
    { name: "nothing where there is no list", prompt: "You are a dispatcher.", expected: [] },
  ])("reads $name", ({ prompt, expected }) => {
    expect(listedAgents(prompt)).toEqual(expected);
  });

  it("reads any number of agents, in their order", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9 -]{0,20}[a-z0-9]$/);
    const agents = fc.uniqueArray(
      fc.record({ name: word, texts: fc.array(word, { minLength: 1, maxLength: 4 }) }),
      { selector: ({ name }) => name, maxLength: 10 },
    );
    fc.assert(
      fc.property(agents, (given) => {
        const prompt = list(...given.map(({ name, texts }) => agent(name, "d", texts)));
        expect(listedAgents(prompt)).toEqual(
          given.map(({ name, texts }) => ({ id: name, descriptions: texts })),
        );
      }),
    );
  });

  it("takes no long time over any text", () => {
    expect(listedAgents("<agent><name>".repeat(20_000))).toEqual([]);
    expect(listedAgents(`<agent>${"<description>".repeat(20_000)}`)).toEqual([]);
    fc.assert(fc.property(anyText({ maxLength: 2000 }), (text) => Array.isArray(listedAgents(text))));
  });
});
