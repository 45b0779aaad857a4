import type { HistoryMessage } from "@lmos/router";
import { describe, expect, test } from "vitest";
import { decided } from "../testing/snapshots.ts";
import { keepsTurn, keptTurn, speaksForItself } from "./keep-turn.ts";

const choices = ["weather", "orders"].map((agent) => ({ agent, capability: "c", confidence: 0.4 }));
const question = decided({ decision: "ask", question: "Which?", choices, confidence: 0.4 });
if (question.decision !== "ask") throw new TypeError("no question");
const byModel = { ...question, explanation: { ...question.explanation, stage: "llm" as const } };

const user = (content: string): HistoryMessage => ({ role: "user", content });
const answer = (agent: string | undefined): HistoryMessage => ({
  role: "assistant",
  content: "Well.",
  agent,
});

describe("a question", () => {
  test.each([
    {
      name: "is not put where one in question has the turn",
      history: [user("a"), answer("orders")],
      kept: "orders",
    },
    { name: "is put where another has it", history: [user("a"), answer("billing")], kept: undefined },
    { name: "is put where nobody has it", history: [user("a")], kept: undefined },
    {
      name: "is put after what the runtime said itself",
      history: [user("a"), answer(undefined)],
      kept: undefined,
    },
    {
      name: "is put where the turn was one's only before",
      history: [user("a"), answer("orders"), user("b"), answer("billing")],
      kept: undefined,
    },
    { name: "is put at the beginning", history: [], kept: undefined },
  ])("$name", ({ history, kept }) => {
    expect(keptTurn(question, history)?.agent).toBe(kept);
  });

  test("of a model is always put", () => {
    expect(keptTurn(byModel, [user("a"), answer("orders")])).toBeUndefined();
  });
});

interface Nearest {
  readonly agent?: string;
  readonly confidence?: number;
  readonly nearestAgent?: string;
  readonly similarity?: number;
}

function accepted({ agent = "orders", confidence = 0.99, nearestAgent = agent, similarity = 0.9 }: Nearest) {
  const decision = decided({ decision: "accept", agent, capability: "c", confidence });
  const matchedExamples = [{ agent: nearestAgent, capability: "c", text: "where is it", similarity }];
  return { ...decision, explanation: { ...decision.explanation, matchedExamples } };
}

describe("a message speaks for itself", () => {
  test.each([
    { name: "when it is nearly an example of its agent", decision: accepted({}), itself: true },
    {
      name: "not when it is like one only from afar",
      decision: accepted({ similarity: 0.79 }),
      itself: false,
    },
    { name: "not when it is unclear", decision: accepted({ confidence: 0.94 }), itself: false },
    { name: "not when it is like another's", decision: accepted({ nearestAgent: "billing" }), itself: false },
    {
      name: "not when nothing is known of examples",
      decision: { ...accepted({}), explanation: question.explanation },
      itself: false,
    },
    {
      name: "not when it is for nobody",
      decision: decided({ decision: "none", confidence: 1 }),
      itself: false,
    },
    { name: "not when it is asked about", decision: question, itself: false },
    { name: "not when it cannot be classified", decision: undefined, itself: false },
  ])("$name", ({ decision, itself }) => {
    expect(speaksForItself(decision)).toBe(itself);
  });
});

describe("a decision keeps the turn", () => {
  const history = [user("a"), answer("orders")];
  const byAModel = { ...accepted({}), explanation: { ...question.explanation, stage: "llm" as const } };
  test.each([
    { name: "for the agent that has it", decision: accepted({}), keeps: true },
    { name: "not for another", decision: accepted({ agent: "billing" }), keeps: false },
    { name: "not when a model has decided", decision: byAModel, keeps: false },
    { name: "not when it is a question", decision: question, keeps: false },
    { name: "not when there is none", decision: undefined, keeps: false },
  ])("$name", ({ decision, keeps }) => {
    expect(keepsTurn(decision, history)).toBe(keeps);
  });
});
