import { expect, it } from "vitest";
import { readPrompt } from "./read-prompt.ts";

const listed = "<agent><name>a</name><description>d</description></agent>";
const classified = '{"agentId": "a", "descriptions": ["d"]}';
const topic = "Topic 'a':\n- d";
const agents = [{ id: "a", descriptions: ["d"] }];

it.each([
  { name: "a list of names", prompt: listed, expected: { key: "name", agents } },
  { name: "the classifier's entries", prompt: classified, expected: { key: "id", agents } },
  { name: "topics", prompt: topic, expected: { key: "id", agents } },
  {
    name: "a list before all else",
    prompt: `${topic}\n${classified}\n${listed}`,
    expected: { key: "name", agents },
  },
  { name: "entries before topics", prompt: `${topic}\n${classified}`, expected: { key: "id", agents } },
  { name: "nothing of anything else", prompt: "You are a poet.", expected: { key: "id", agents: [] } },
])("reads $name", ({ prompt, expected }) => {
  expect(readPrompt(prompt)).toEqual(expected);
});
