import type { HistoryMessage } from "@lmos/router";
import { describe, expect, test } from "vitest";
import { decided } from "../testing/snapshots.ts";
import { keptTurn } from "./keep-turn.ts";

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
