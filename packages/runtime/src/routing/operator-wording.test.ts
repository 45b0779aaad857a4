import { expect, test } from "vitest";
import { operatorWording } from "./operator-wording.ts";

test.each([
  {
    name: "a routing",
    query: { channel: "web", routing: true },
    refused: "Unexpected response from operator",
  },
  { name: "a Channel", query: { channel: "web" }, refused: "Unexpected response getting channel" },
  { name: "Channels", query: {}, refused: "Unexpected response listing channels" },
])("who asks for $name is told so", ({ query, refused }) => {
  expect(operatorWording(query).refused).toBe(refused);
});

test("no two faults are told alike", () => {
  const questions = [{}, { channel: "web" }, { channel: "web", routing: true }];
  const sentences = questions.flatMap((query) => Object.values(operatorWording(query)));
  expect(new Set(sentences).size).toBe(9);
});
