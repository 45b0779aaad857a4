import { describe, expect, test } from "vitest";
import { routingEventOf } from "../testing/turns.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { collectAnswer, explanationHeaders, statusHeader } from "./json-answer.ts";

const routing = routingEventOf();
const message: TurnEvent = { kind: "message", content: "hi", anonymizationEntities: null };
const error: TurnEvent = { kind: "error", failure: { code: "internal", message: "no", retryable: false } };

async function* yielding(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

test("reads a turn to its message", async () => {
  const events: readonly TurnEvent[] = [
    routing,
    { kind: "text-delta", text: "h" },
    message,
    { kind: "turn-end", ms: 1 },
  ];
  expect(await collectAnswer(yielding(events))).toEqual({ kind: "answered", message, routing });
});

test("reads a turn to its error", async () => {
  expect(await collectAnswer(yielding([routing, error]))).toMatchObject({
    kind: "failed",
    failure: { code: "internal" },
  });
});

describe("explains", () => {
  test("an accepted message", () => {
    expect(explanationHeaders(routing)).toEqual({
      "x-lmos-decision": "accept",
      "x-lmos-stage": "vector",
      "x-lmos-agent": "billing-agent",
      "x-lmos-capability": "view-invoice",
      "x-lmos-confidence": "0.9123",
      "x-lmos-alternatives": "a",
      "x-lmos-routing-ms": "1.0",
    });
  });

  test("a question by its choices", () => {
    const choices = ["a", "b"].map((agent) => ({ agent, capability: "c", confidence: 0.5 }));
    const asked = routingEventOf({ decision: "ask", agent: undefined, capability: undefined, choices });
    expect(explanationHeaders(asked)).toEqual({
      "x-lmos-decision": "ask",
      "x-lmos-stage": "vector",
      "x-lmos-confidence": "0.9123",
      "x-lmos-choices": "a,b",
      "x-lmos-alternatives": "a",
      "x-lmos-routing-ms": "1.0",
    });
  });

  test("with names that a header cannot carry", () => {
    const headers = explanationHeaders({ ...routing, agent: "Müller, Söhne\r\n" });
    expect(headers["x-lmos-agent"]).toBe("M%C3%BCller%2C%20S%C3%B6hne%0D%0A");
  });
});

describe("the header with an agent's status", () => {
  const rows = [
    { name: "none", status: undefined, header: undefined },
    { name: "one of ARC's", status: "AGENT_HANDOVER", header: "AGENT_HANDOVER" },
    { name: "one of several lines", status: "A\r\nset-cookie: x", header: "A%0D%0Aset-cookie:%20x" },
    { name: "half a character", status: "sad \ud83d", header: "sad%20%EF%BF%BD" },
    { name: "a very long one", status: "x".repeat(1000), header: "x".repeat(256) },
  ];
  test.each(rows)("$name", ({ status, header }) => {
    const headers = statusHeader({ kind: "message", content: "", anonymizationEntities: null, status });
    expect(headers["x-lmos-status"]).toBe(header);
  });
});
