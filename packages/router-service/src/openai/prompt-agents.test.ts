import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentsOfPrompt } from "./prompt-agents.ts";

describe("agentsOfPrompt", () => {
  it.each([
    {
      name: "JSON",
      prompt:
        '[{"agentId": "billing", "descriptions": ["Shows bills", "Takes payments"]}, {"agentId": "parcels", "descriptions": ["Finds parcels"]}]',
      expected: [
        { id: "billing", descriptions: ["Shows bills", "Takes payments"] },
        { id: "parcels", descriptions: ["Finds parcels"] },
      ],
    },
    {
      name: "JSON over several lines",
      prompt:
        '{\n  "agentId": "billing",\n  "descriptions": [\n    "Shows bills",\n    "Takes payments"\n  ]\n}',
      expected: [{ id: "billing", descriptions: ["Shows bills", "Takes payments"] }],
    },
    {
      name: "quotes and brackets that nobody escaped",
      prompt: '{"agentId": "a", "descriptions": ["Says "hello" [twice]", "Sings"]}',
      expected: [{ id: "a", descriptions: ['Says "hello" [twice]', "Sings"] }],
    },
    {
      name: "members without quotes",
      prompt: "Agent(agentId=billing, descriptions=[Shows bills])",
      expected: [{ id: "billing", descriptions: ["Shows bills"] }],
    },
    {
      name: "no examples of answers",
      prompt:
        '{"agentId": "a", "descriptions": ["Sings"]}\nAnswer like {"reason": "clear", "agentId": "weather-agent"} or {"agentId": null}',
      expected: [{ id: "a", descriptions: ["Sings"] }],
    },
    {
      name: "an agent once",
      prompt: '"agentId":"a","descriptions":["x"] "agentId":"a","descriptions":["y"]',
      expected: [{ id: "a", descriptions: ["x"] }],
    },
    {
      name: "an agent without descriptions",
      prompt: '"agentId": "a", "descriptions": []',
      expected: [{ id: "a", descriptions: [] }],
    },
    { name: "nothing", prompt: "You are a dispatcher.", expected: [] },
  ])("reads $name", ({ prompt, expected }) => {
    expect(agentsOfPrompt(prompt)).toEqual(expected);
  });

  it("reads what JSON.stringify writes, in any number and order", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9 -]{0,20}[a-z0-9]$/);
    const agents = fc.uniqueArray(
      fc.record({ agentId: word, descriptions: fc.array(word, { minLength: 1, maxLength: 4 }) }),
      { selector: ({ agentId }) => agentId, maxLength: 10 },
    );
    fc.assert(
      fc.property(agents, (given) => {
        expect(agentsOfPrompt(`Choose one of ${JSON.stringify(given)} please`)).toEqual(
          given.map(({ agentId, descriptions }) => ({ id: agentId, descriptions })),
        );
      }),
    );
  });

  it("takes no long time over any text", () => {
    expect(agentsOfPrompt('"agentId": "'.repeat(20_000))).toEqual([]);
    fc.assert(fc.property(anyText({ maxLength: 2000 }), (text) => Array.isArray(agentsOfPrompt(text))));
  });
});
