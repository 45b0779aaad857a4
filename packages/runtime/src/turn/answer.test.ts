import { type AgentResult, droppedNotesKey, intermediateKindKey } from "@lmos/protocol";
import { describe, expect, test } from "vitest";
import type { AgentFault } from "../agents/agent-connection.ts";
import { AnswerReader } from "./answer.ts";
import type { CallReply } from "./call.ts";
import type { TurnEvent } from "./turn.ts";

function result(type: AgentResult["type"], contents: readonly string[], kind?: "delta" | "note"): CallReply {
  return {
    kind: "result",
    result: {
      type,
      responseTime: 0,
      messages: contents.map((content) => ({ role: "assistant", content, format: "text" })),
      context: kind === undefined ? [] : [{ key: intermediateKindKey, value: kind }],
      toolCalls: [],
    },
  };
}

/** A message that tells of dropped notes. */
function withDropped(value: string): CallReply {
  const reply = result("MESSAGE", ["hi"]);
  if (reply.kind !== "result") throw new TypeError("a result was made");
  return { ...reply, result: { ...reply.result, context: [{ key: droppedNotesKey, value }] } };
}

const completed: CallReply = { kind: "completed" };

/** The events of an answer, up to its end. */
function eventsOf(replies: readonly CallReply[]): readonly TurnEvent[] {
  const reader = new AnswerReader("agent-0");
  const events = replies.flatMap((reply) => reader.read(reply) ?? []);
  const end = events.findIndex(({ kind }) => kind === "message" || kind === "error");
  return end < 0 ? events : events.slice(0, end + 1);
}

const message = (content: string): TurnEvent => ({ kind: "message", content, anonymizationEntities: null });

describe("an agent's answer", () => {
  const rows: readonly {
    readonly name: string;
    readonly replies: readonly CallReply[];
    readonly events: object[];
  }[] = [
    { name: "is its message", replies: [result("MESSAGE", ["hi"]), completed], events: [message("hi")] },
    {
      name: "is its last message, because old agents mark none as preliminary",
      replies: [result("MESSAGE", ["working on it"]), result("MESSAGE", ["done"]), completed],
      events: [{ kind: "note", text: "working on it" }, message("done")],
    },
    {
      name: "is the last of many",
      replies: [result("MESSAGE", ["a"]), result("MESSAGE", ["b"]), result("MESSAGE", ["c"]), completed],
      events: [{ kind: "note", text: "a" }, { kind: "note", text: "b" }, message("c")],
    },
    {
      name: "is all parts of its last message",
      replies: [result("MESSAGE", ["one", "two"]), completed],
      events: [message("one\n\ntwo")],
    },
    {
      name: "comes in pieces, then whole",
      replies: [
        result("INTERMEDIATE_MESSAGE", ["h"], "delta"),
        result("INTERMEDIATE_MESSAGE", ["i"], "delta"),
        result("MESSAGE", ["hi"]),
        completed,
      ],
      events: [{ kind: "text-delta", text: "h" }, { kind: "text-delta", text: "i" }, message("hi")],
    },
    {
      name: "is not what was said on the way",
      replies: [
        result("INTERMEDIATE_MESSAGE", ["looking"]),
        result("INTERMEDIATE_MESSAGE", ["still looking"], "note"),
        result("EVENT", []),
        result("MESSAGE", ["found"]),
        completed,
      ],
      events: [{ kind: "note", text: "looking" }, { kind: "note", text: "still looking" }, message("found")],
    },
    {
      name: "says how many notes were dropped",
      replies: [result("INTERMEDIATE_MESSAGE", ["looking"]), withDropped("900"), completed],
      events: [{ kind: "note", text: "looking" }, { kind: "notes-dropped", count: 900 }, message("hi")],
    },
    ...["", "0", "-1", "1.5", "many", "1e9", "9999999999", "<script>"].map((dropped) => ({
      name: `says nothing of ${JSON.stringify(dropped)} dropped notes`,
      replies: [withDropped(dropped), completed],
      events: [message("hi")],
    })),
    {
      name: "is missing when it said things on the way only",
      replies: [result("INTERMEDIATE_MESSAGE", ["looking"]), completed],
      events: [
        { kind: "note", text: "looking" },
        { kind: "error", failure: expect.objectContaining({ code: "no_answer" }) },
      ],
    },
    {
      name: "is an error when the agent says so, whatever else it sends",
      replies: [result("ERROR", ["secret stack"]), result("MESSAGE", ["hi"]), completed],
      events: [
        {
          kind: "error",
          failure: { code: "agent_error", message: "The agent agent-0 reported an error.", retryable: false },
        },
      ],
    },
  ];
  test.each(rows)("$name", async ({ replies, events }) => {
    expect(eventsOf(replies)).toEqual(events);
  });
});

describe("an agent's fault", () => {
  const rows: readonly { readonly fault: AgentFault; readonly code: string; readonly retryable: boolean }[] =
    [
      { fault: { kind: "unavailable" }, code: "agent_unavailable", retryable: true },
      { fault: { kind: "busy", retryAfterSeconds: 7 }, code: "agent_busy", retryable: true },
      { fault: { kind: "limited", retryAfterSeconds: 7 }, code: "agent_quota_exceeded", retryable: true },
      { fault: { kind: "protocol", reason: "secret" }, code: "agent_protocol_error", retryable: false },
      { fault: { kind: "tooLarge" }, code: "response_too_large", retryable: false },
      { fault: { kind: "error", errors: ["secret"] }, code: "agent_error", retryable: false },
      { fault: { kind: "interrupted", closeCode: 1006 }, code: "agent_interrupted", retryable: true },
      { fault: { kind: "unresponsive" }, code: "agent_unresponsive", retryable: true },
    ];
  test.each(rows)("$fault.kind is told as $code", async ({ fault, code, retryable }) => {
    const events = eventsOf([{ kind: "failed", fault }]);
    expect(events).toMatchObject([{ kind: "error", failure: { code, retryable } }]);
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  const halfSaid = [
    { name: "pieces", before: [result("INTERMEDIATE_MESSAGE", ["your bill is"], "delta")] },
    { name: "a message that may not be the last", before: [result("MESSAGE", ["your bill is"])] },
  ];
  const ends: readonly CallReply[] = [
    ...rows.map(({ fault }): CallReply => ({ kind: "failed", fault })),
    { kind: "timedOut" },
  ];
  test.each(halfSaid)("D3 after $name ends the answer without a whole one, whatever it is", ({ before }) => {
    for (const end of ends) {
      const kinds = eventsOf([...before, end]).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === "message")).toEqual([]);
      expect(kinds.filter((kind) => kind === "error")).toHaveLength(1);
      expect(kinds.at(-1)).toBe("error");
    }
  });

  test("silence is told as agent_timeout", async () => {
    expect(eventsOf([{ kind: "timedOut" }])).toMatchObject([{ failure: { code: "agent_timeout" } }]);
  });
});
