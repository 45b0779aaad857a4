import { describe, expect, it } from "vitest";
import { clarifyingQuestion } from "./question.ts";

function agent(name: string, description: string) {
  return { name, description: "", capabilities: [{ id: "c", name: "do-it", description, examples: [] }] };
}

function choice(name: string) {
  return { agent: name, capability: "c", confidence: 0.5 };
}

const toNobody = { declared: undefined, messages: [] };

describe("clarifyingQuestion", () => {
  const agents = [
    agent("billing", "Explains bills. Also does more."),
    agent("orders", "Tracks\n orders"),
    agent("long", `Explains ${"very ".repeat(40)}much`),
    agent("bare", ""),
  ];

  it.each([
    {
      name: "the first sentence of each description",
      choices: ["billing", "orders"],
      expected: "I want to be sure I understand you. Is it about: “Explains bills” or “Tracks orders”?",
    },
    {
      name: "three choices",
      choices: ["billing", "orders", "bare"],
      expected:
        "I want to be sure I understand you. Is it about: “Explains bills”, “Tracks orders” or “do-it”?",
    },
    {
      name: "the id of what it does not know",
      choices: ["gone"],
      expected: "I want to be sure I understand you. Is it about: “c”?",
    },
  ])("names $name", ({ choices, expected }) => {
    expect(clarifyingQuestion(choices.map(choice), agents, toNobody)).toBe(expected);
  });

  it("cuts long descriptions", () => {
    expect(clarifyingQuestion([choice("long")], agents, toNobody).length).toBeLessThan(200);
  });

  it.each([
    {
      language: "de",
      question: "Ich möchte Sie richtig verstehen. Geht es um: „Explains bills“ oder „Tracks orders“?",
    },
    {
      language: "DE-at",
      question: "Ich möchte Sie richtig verstehen. Geht es um: „Explains bills“ oder „Tracks orders“?",
    },
    {
      language: "en-GB",
      question: "I want to be sure I understand you. Is it about: “Explains bills” or “Tracks orders”?",
    },
    {
      language: "fr",
      question: "I want to be sure I understand you. Is it about: “Explains bills” or “Tracks orders”?",
    },
  ])("asks in $language", ({ language, question }) => {
    expect(
      clarifyingQuestion([choice("billing"), choice("orders")], agents, { declared: language, messages: [] }),
    ).toBe(question);
  });
});
