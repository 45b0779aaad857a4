import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { topicsOfPrompt } from "./prompt-topics.ts";

describe("topicsOfPrompt", () => {
  it.each([
    {
      name: "a topic for each agent, with its list",
      prompt:
        "Stay with these:\n\nTopic 'billing': \n    - Shows bills\n    - Takes payments\n\nTopic 'parcels': \n    - Finds parcels\n\nBe kind.",
      expected: [
        { id: "billing", descriptions: ["Shows bills", "Takes payments"] },
        { id: "parcels", descriptions: ["Finds parcels"] },
      ],
    },
    {
      name: "topics that follow on the same line",
      prompt: "Topic 'a': \n - x \n Topic 'b': \n - y \n\nIf there is one topic, confirm it.",
      expected: [
        { id: "a", descriptions: ["x"] },
        { id: "b", descriptions: ["y"] },
      ],
    },
    { name: "double quotes", prompt: 'Topic "a":\n- x', expected: [{ id: "a", descriptions: ["x"] }] },
    {
      name: "a topic once",
      prompt: "Topic 'a':\n- x\nTopic 'a':\n- y",
      expected: [{ id: "a", descriptions: ["x"] }],
    },
    {
      name: "a topic without a list",
      prompt: "Topic 'a':\n\nBe kind.\n- always",
      expected: [{ id: "a", descriptions: [] }],
    },
    { name: "no empty entries", prompt: "Topic 'a':\n- \n- x", expected: [{ id: "a", descriptions: ["x"] }] },
    { name: "nothing where no topic has a name", prompt: "Topic: none. Topic '':\n- x", expected: [] },
  ])("reads $name", ({ prompt, expected }) => {
    expect(topicsOfPrompt(prompt)).toEqual(expected);
  });

  it("takes no long time over any text", () => {
    expect(topicsOfPrompt("Topic '".repeat(20_000))).toEqual([]);
    expect(topicsOfPrompt(`Topic 'a':${"\n".repeat(100_000)}`)).toEqual([{ id: "a", descriptions: [] }]);
    fc.assert(fc.property(anyText({ maxLength: 2000 }), (text) => Array.isArray(topicsOfPrompt(text))));
  });
});
