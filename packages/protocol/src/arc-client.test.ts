import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AgentRequest } from "./agent-request.ts";
import { type ArcClient, type ArcClientEvent, createArcClient, turnOfFrame } from "./arc-client.ts";
import { arcDocument, arcFallbackDocument } from "./arc-document.ts";
import { defaultFrameLimits, parseFrame } from "./frame.ts";
import arcDialogues from "./testdata/arc-0.126-dialogues.json" with { type: "json" };
import javaDialogues from "./testdata/java-runtime-dialogues.json" with { type: "json" };

const request: AgentRequest = {
  messages: [{ role: "user", content: "hello", format: "text" }],
  conversationContext: { conversationId: "c1" },
  systemContext: [],
  userContext: { userId: "u1", profile: [] },
};
const acknowledgement = JSON.stringify({ type: "connection_ack" });
const agent = { messages: [{ content: "hi", format: "text", role: "assistant" }], responseTime: 0.5 };

function answeringClient(limits = defaultFrameLimits): ArcClient {
  const client = createArcClient({ operationId: "s1", request, limits });
  client.open();
  client.receive(acknowledgement);
  return client;
}

function receiveAll(client: ArcClient, frames: readonly unknown[]): ArcClientEvent[] {
  return frames.flatMap(
    (frame) => client.receive(typeof frame === "string" ? frame : JSON.stringify(frame)).events,
  );
}

/** Plays the agent's side of a recorded dialogue; answers what the client sent and what it made of it. */
function replay(dialogue: { readonly frames: readonly { readonly from: string; readonly text: string }[] }) {
  const subscribed = dialogue.frames.find(({ text }) => text.includes('"subscribe"'));
  const operationId: string = JSON.parse(subscribed?.text ?? '{"id":"none"}').id;
  const client = createArcClient({ operationId, request });
  const sent = [...client.open().send];
  const events: ArcClientEvent[] = [];
  for (const { from, text } of dialogue.frames) {
    if (from === "caller") continue;
    const step = client.receive(text);
    sent.push(...step.send);
    events.push(...step.events);
  }
  return { sent: sent.map((frame) => JSON.parse(frame)), events };
}

function dialogueOf<T extends { readonly name: string }>(dialogues: readonly T[], name: string): T {
  const found = dialogues.find((dialogue) => dialogue.name === name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
}

describe("a recorded ARC 0.126 server", () => {
  const replayArc = (name: string) => replay(dialogueOf(arcDialogues, name));

  it("answers once, with the status text null read as absent", () => {
    const { events } = replayArc("ok, graphql-transport-ws");
    expect(events).toEqual([
      { kind: "acknowledged" },
      {
        kind: "result",
        result: expect.objectContaining({
          status: undefined,
          type: "MESSAGE",
          responseTime: 0.001,
          toolCalls: [],
        }),
      },
      { kind: "completed" },
    ]);
  });

  it("refuses the full document, and is asked once more with the fallback under another id", () => {
    const { sent, events } = replayArc("runtime HEAD document (type, toolCalls)");
    expect(sent.map(({ type, id }) => [type, id])).toEqual([
      ["connection_init", undefined],
      ["subscribe", "s1"],
      ["subscribe", "s1-fallback"],
    ]);
    expect([sent[1].payload.query, sent[2].payload.query]).toEqual([arcDocument, arcFallbackDocument]);
    expect(events).toEqual([{ kind: "acknowledged" }]);
  });

  it.each([
    { name: "failing agent", message: "Agent failing failed!" },
    { name: "missing systemContext", message: expect.stringContaining("systemContext") },
  ])("fails for $name, and its complete after the error is ignored", ({ name, message }) => {
    expect(replayArc(name).events).toEqual([{ kind: "acknowledged" }, { kind: "failed", errors: [message] }]);
  });

  it("gives status and context of a result", () => {
    const broken = replayArc("breakWith UNRESOLVED").events[1];
    expect(broken).toMatchObject({ result: { status: "UNRESOLVED" } });
    const chatty = replayArc("intermediate message + outputContext").events[1];
    expect(chatty).toMatchObject({ result: { context: [{ key: "k", value: "v" }] } });
  });
});

describe("the recorded agents that the Java runtime met", () => {
  const kindsOf = (name: string) => {
    const { events } = replay(dialogueOf(javaDialogues, name));
    return events.map((event) => (event.kind === "result" ? event.result.type : event.kind));
  };

  it.each([
    { name: "hello", kinds: ["acknowledged", "MESSAGE", "completed"] },
    { name: "!error", kinds: ["acknowledged", "failed"] },
    { name: "!nexterror", kinds: ["acknowledged", "failed"] },
    { name: "!empty", kinds: ["acknowledged", "completed"] },
    { name: "!intermediate", kinds: ["acknowledged", "INTERMEDIATE_MESSAGE", "MESSAGE", "completed"] },
    { name: "!errtype", kinds: ["acknowledged", "ERROR", "completed"] },
    { name: "!event", kinds: ["acknowledged", "EVENT", "MESSAGE", "completed"] },
    { name: "!ping", kinds: ["acknowledged", "MESSAGE", "completed"] },
  ])("$name gives $kinds", ({ name, kinds }) => {
    expect(kindsOf(name)).toEqual(kinds);
  });

  it("are answered their protocol pings", () => {
    const { sent } = replay(dialogueOf(javaDialogues, "!ping"));
    expect(sent.at(-1)).toEqual({ type: "pong" });
  });
});

describe("createArcClient", () => {
  it("spells out every field of the request", () => {
    const client = createArcClient({ operationId: "s1", request, agentName: "billing" });
    client.open();
    const [subscribe] = client.receive(acknowledgement).send;
    expect(JSON.parse(subscribe ?? "")).toMatchObject({
      type: "subscribe",
      id: "s1",
      payload: {
        variables: {
          agentName: "billing",
          request: {
            messages: [{ role: "user", content: "hello", format: "text", turnId: null, binaryData: null }],
            conversationContext: { conversationId: "c1", turnId: null, anonymizationEntities: null },
            userContext: { userId: "u1", userToken: null, profile: [] },
          },
        },
      },
    });
  });

  it("asks with the fallback only once, and not after a result", () => {
    const unknownField = 'Cannot query field "type" on type "AgentResult".';
    const refusal = { type: "error", id: "s1-fallback", payload: [{ message: unknownField }] };
    const twice = receiveAll(answeringClient(), [{ ...refusal, id: "s1" }, refusal]);
    expect(twice).toEqual([{ kind: "failed", errors: [unknownField] }]);
    const late = receiveAll(answeringClient(), [
      { type: "next", id: "s1", payload: { data: { agent } } },
      { ...refusal, id: "s1" },
    ]);
    expect(late.map(({ kind }) => kind)).toEqual(["result", "failed"]);
  });

  it("keeps a result that comes with errors", () => {
    const frame = { type: "next", id: "s1", payload: { data: { agent }, errors: [{ message: "half" }] } };
    expect(receiveAll(answeringClient(), [frame])).toMatchObject([{ kind: "result" }]);
  });

  it("ignores frames of other ids and everything after the end", () => {
    const foreign = { type: "next", id: "other", payload: { data: { agent } } };
    const events = receiveAll(answeringClient(), [
      foreign,
      { type: "complete", id: "s1" },
      "garbage",
      foreign,
    ]);
    expect(events).toEqual([{ kind: "completed" }]);
  });

  it.each([
    { name: "not JSON", frame: "hello", reason: "frame is not JSON" },
    { name: "an array", frame: "[]", reason: "frame is not a JSON object" },
    { name: "no type", frame: "{}", reason: 'frame has no text field "type"' },
    { name: "an unknown type", frame: { type: "hello" }, reason: 'frame type "hello" is unknown' },
    {
      name: "a second acknowledgement",
      frame: { type: "connection_ack" },
      reason: "connection_ack out of turn",
    },
    { name: "next without payload", frame: { type: "next", id: "s1" }, reason: "next has no payload" },
    {
      name: "next without data",
      frame: { type: "next", id: "s1", payload: { data: null } },
      reason: "next has neither data nor errors",
    },
    {
      name: "a result of another shape",
      frame: { type: "next", id: "s1", payload: { data: { agent: { messages: 5 } } } },
      reason: expect.stringContaining("result can't be read: messages"),
    },
    { name: "a result for nobody", frame: { type: "next" }, reason: "next names no operation" },
    { name: "an end of nobody's", frame: { type: "complete", id: 1 }, reason: "complete names no operation" },
    {
      name: "an error without messages",
      frame: { type: "error", id: "s1", payload: "no" },
      reason: "error has no list of messages",
    },
    {
      name: "deep nesting",
      frame: `{"type":"next","x":${"[".repeat(40)}${"]".repeat(40)}}`,
      reason: "frame is nested deeper than 32 levels",
    },
    {
      name: "a huge frame",
      frame: { type: "next", x: "x".repeat(300_000) },
      reason: "frame is larger than 262144 bytes",
    },
  ])("ends with a violation for $name", ({ frame, reason }) => {
    expect(receiveAll(answeringClient(), [frame])).toEqual([{ kind: "violation", reason }]);
  });

  it("refuses an answer before the handshake", () => {
    const client = createArcClient({ operationId: "s1", request });
    client.open();
    expect(receiveAll(client, [{ type: "complete", id: "s1" }])).toMatchObject([{ kind: "violation" }]);
  });

  it("counts the bytes of a whole turn, in UTF-8", () => {
    const frame = JSON.stringify({ type: "pong", text: "äöü€😀" });
    const bytes = new TextEncoder().encode(frame).length;
    const limits = { ...defaultFrameLimits, turnBytes: acknowledgement.length + 2 * bytes };
    const client = answeringClient(limits);
    expect(receiveAll(client, [frame, frame])).toEqual([]);
    expect(receiveAll(client, [frame])).toMatchObject([{ kind: "violation" }]);
  });

  it("cancels an open operation with complete, and says nothing otherwise", () => {
    const client = answeringClient();
    expect(client.cancel().send).toEqual(['{"type":"complete","id":"s1"}']);
    expect(client.cancel().send).toEqual([]);
    expect(createArcClient({ operationId: "s1", request }).cancel().send).toEqual([]);
  });

  it("never throws, whatever comes, and ends at most once", () => {
    fc.assert(
      fc.property(fc.array(anyFrame(), { maxLength: 8 }), (frames) => {
        const events = receiveAll(answeringClient(), frames);
        const ends = events.filter(({ kind }) => ["completed", "failed", "violation"].includes(kind));
        expect(ends.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

function anyFrame(): fc.Arbitrary<string> {
  const type = fc.constantFrom(
    "next",
    "error",
    "complete",
    "ping",
    "pong",
    "connection_ack",
    "subscribe",
    "__proto__",
  );
  const frame = fc.record({ type, id: fc.constantFrom("s1", "", 7, null), payload: fc.jsonValue() });
  return fc.oneof(
    fc.string(),
    fc.json(),
    frame.map((value) => JSON.stringify(value)),
  );
}

describe("an operation that was not begun", () => {
  const code = { extensions: { code: "NOT_BEGUN" } };
  it.each([
    { name: "is told from one that failed", payload: [{ message: "later", ...code }], notBegun: true },
    { name: "is not one with another code", payload: [{ message: "later", extensions: { code: "X" } }] },
    { name: "is not one with more to say", payload: [{ message: "later", ...code }, { message: "no" }] },
    { name: "is not one without a list", payload: { message: "later", ...code } },
    { name: "is not one without extensions", payload: [{ message: "later" }] },
  ])("$name", ({ payload, notBegun = false }) => {
    const [event] = receiveAll(answeringClient(), [{ type: "error", id: "s1", payload }]);
    expect(event).toMatchObject({ kind: "failed" });
    expect(event).toEqual(
      notBegun ? expect.objectContaining({ notBegun }) : expect.not.objectContaining({ notBegun: true }),
    );
  });
});

describe("the turn of a frame", () => {
  it.each([
    { name: "is that of its operation", text: '{"type":"next","id":"s1"}', turn: "s1" },
    { name: "is the same for its second try", text: '{"type":"next","id":"s1-fallback"}', turn: "s1" },
    { name: "is none without an operation", text: '{"type":"ping"}', turn: undefined },
    { name: "is none where the id is no text", text: '{"type":"next","id":1}', turn: undefined },
    { name: "is none where it cannot be read", text: "nonsense", turn: undefined },
  ])("$name", ({ text, turn }) => {
    expect(turnOfFrame(parseFrame(text, defaultFrameLimits))).toBe(turn);
  });
});

it("reads a frame that was parsed before as it reads its text", () => {
  const text = JSON.stringify({ type: "next", id: "s1", payload: { data: { agent } } });
  const parsed = parseFrame(text, defaultFrameLimits);
  expect(answeringClient().receiveFrame(parsed, text.length)).toEqual(answeringClient().receive(text));
});
