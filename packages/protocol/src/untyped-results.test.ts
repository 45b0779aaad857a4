/** Results of ARC 0.126, which have no type: what was said on the way may come before the answer or after it. */
import { describe, expect, it } from "vitest";
import { type ArcClient, createArcClient } from "./arc-client.ts";

const refusal = {
  type: "error",
  id: "s1",
  payload: [{ message: "Validation error (FieldUndefined@[agent/type]) : Field 'type' is undefined" }],
};

function clientOf(server: "0.126" | "typed"): ArcClient {
  const client = createArcClient({
    operationId: "s1",
    request: {
      messages: [],
      conversationContext: { conversationId: "c1" },
      systemContext: [],
      userContext: { profile: [] },
    },
  });
  client.open();
  client.receive(JSON.stringify({ type: "connection_ack" }));
  if (server === "0.126") client.receive(JSON.stringify(refusal));
  return client;
}

/** As recorded: an answer has a status, if only the text "null", and a context; what is said on the way has neither. */
const answer = { status: "null", context: [], messages: [{ content: "answer" }] };
const said = { status: null, context: null, messages: [{ content: "said" }] };
const stopped = { status: "UNRESOLVED", context: null, messages: [{ content: "stopped" }] };
const withContext = { status: null, context: [], messages: [{ content: "with context" }] };
const short = { messages: [{ content: "short" }] };

function heard(client: ArcClient, id: string, agents: readonly object[]): readonly string[] {
  const frames = [
    ...agents.map((agent) => ({ type: "next", id, payload: { data: { agent } } })),
    { type: "complete", id },
  ];
  return frames
    .flatMap((frame) => client.receive(JSON.stringify(frame)).events)
    .map((event) =>
      event.kind === "result" ? `${event.result.type} ${event.result.messages[0]?.content}` : event.kind,
    );
}

describe("without a type", () => {
  it.each([
    { name: "the answer alone", agents: [answer], events: ["MESSAGE answer"] },
    {
      name: "something before the answer",
      agents: [said, answer],
      events: ["INTERMEDIATE_MESSAGE said", "MESSAGE answer"],
    },
    {
      name: "something that the answer overtook",
      agents: [answer, said],
      events: ["MESSAGE answer", "INTERMEDIATE_MESSAGE said"],
    },
    {
      name: "something before and after",
      agents: [said, answer, said],
      events: ["INTERMEDIATE_MESSAGE said", "MESSAGE answer", "INTERMEDIATE_MESSAGE said"],
    },
    { name: "a status without a context", agents: [stopped], events: ["MESSAGE stopped"] },
    { name: "a context without a status", agents: [withContext], events: ["MESSAGE with context"] },
    {
      name: "a type after all",
      agents: [{ ...said, type: "MESSAGE" }],
      events: ["MESSAGE said"],
    },
    { name: "neither member", agents: [short], events: ["MESSAGE short"] },
    {
      name: "nothing but what has neither: the last is the answer",
      agents: [said, { ...said, messages: [{ content: "last" }] }],
      events: ["INTERMEDIATE_MESSAGE said", "INTERMEDIATE_MESSAGE last", "MESSAGE last"],
    },
    { name: "nothing", agents: [], events: [] },
  ])("$name", ({ agents, events }) => {
    expect(heard(clientOf("0.126"), "s1-fallback", agents)).toEqual([...events, "completed"]);
  });

  it("a failure after something was said is a failure", () => {
    const client = clientOf("0.126");
    const frames = [
      { type: "next", id: "s1-fallback", payload: { data: { agent: said } } },
      { type: "error", id: "s1-fallback", payload: [{ message: "no" }] },
      { type: "complete", id: "s1-fallback" },
    ];
    const kinds = frames.flatMap((frame) => client.receive(JSON.stringify(frame)).events);
    expect(kinds.map(({ kind }) => kind)).toEqual(["result", "failed"]);
  });
});

describe("a server that knows types", () => {
  it.each([
    { name: "no type is a message", agents: [said], events: ["MESSAGE said"] },
    {
      name: "what is said on the way is no answer",
      agents: [{ ...said, type: "INTERMEDIATE_MESSAGE" }],
      events: ["INTERMEDIATE_MESSAGE said"],
    },
    { name: "an error is none", agents: [{ ...said, type: "ERROR" }], events: ["ERROR said"] },
  ])("$name", ({ agents, events }) => {
    expect(heard(clientOf("typed"), "s1", agents)).toEqual([...events, "completed"]);
  });
});
