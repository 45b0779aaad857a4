/** Frames that a client seldom sends, over a real socket of the runtime: what each of them is answered. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { type Frame, GraphqlCaller } from "../testing/graphql-caller.ts";
import { asking, init, names, turnDocument, turnOf, turnVariables, web } from "../testing/graphql-frames.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  const examples = ["where is my order", "track my parcel", "has my order been shipped yet"];
  const objects = [routingOf([{ name: "agent-0", host, examples }])];
  running = await startTestRuntime({ objects });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

/** Sends all, a text as it stands, and takes as many frames as are wanted. */
async function exchange(sent: readonly unknown[], count: number): Promise<readonly Frame[]> {
  using caller = await GraphqlCaller.open(running.url);
  for (const frame of sent) caller.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  const frames: Frame[] = [];
  while (frames.length < count) frames.push(await caller.next());
  return frames;
}

const said = { content: "agent-0: where is my order", turnId: null };
const answer = { data: { agent: { messages: [said], responseTime: -1, status: null, type: null } } };
const ack = { type: "connection_ack" };
const answered = (id: string): readonly object[] => [
  { type: "next", id, payload: answer },
  { type: "complete", id },
];

describe("is answered as if it were usual:", () => {
  const rows: readonly {
    readonly name: string;
    readonly sent: readonly unknown[];
    readonly got: readonly object[];
  }[] = [
    { name: "a ping before the handshake", sent: [{ type: "ping" }], got: [{ type: "pong" }] },
    {
      name: "a ping with a payload",
      sent: [init, { type: "ping", payload: { a: 1 } }],
      got: [ack, { type: "pong" }],
    },
    {
      name: "a handshake with a payload",
      sent: [{ ...init, payload: { Authorization: "Bearer x", nested: { a: [1] } } }],
      got: [ack],
    },
    { name: "a handshake whose payload is null", sent: [{ ...init, payload: null }], got: [ack] },
    {
      name: "members that nobody knows",
      sent: [
        { ...init, extra: 1 },
        { ...asking("1"), extra: { a: 1 } },
      ],
      got: [ack, ...answered("1")],
    },
    { name: "blanks around a frame", sent: [`  ${JSON.stringify(init)}\n`], got: [ack] },
    {
      name: "a complete for what was never begun",
      sent: [init, { type: "complete", id: "nope" }, asking("1")],
      got: [ack, ...answered("1")],
    },
    { name: "an id with odd characters", sent: [init, asking('a"\n😀')], got: [ack, ...answered('a"\n😀')] },
    {
      name: "one operation of several",
      sent: [
        init,
        asking("1", {
          query: `${turnDocument.replace("subscription", "subscription A")} query B ${names}`,
          operationName: "A",
          variables: turnVariables,
        }),
      ],
      got: [ack, ...answered("1")],
    },
    {
      name: "an operation with null for what is optional",
      sent: [
        init,
        asking("1", {
          query: turnDocument,
          variables: turnVariables,
          operationName: null,
          extensions: null,
        }),
      ],
      got: [ack, ...answered("1")],
    },
    { name: "an id that is a number", sent: [init, asking(1)], got: [ack, ...answered("1")] },
    { name: "an empty id", sent: [init, asking("")], got: [ack, ...answered("")] },
  ];
  test.each(rows)("$name", async ({ sent, got }) => {
    expect(await exchange(sent, got.length)).toEqual(got);
  });

  test("an id whose operation has ended", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    for (let each = 0; each < 3; each++) {
      caller.send(asking("same"));
      expect([await caller.next(), await caller.next()]).toEqual(answered("same"));
    }
  });
});

describe("is answered with an error, and the socket goes on:", () => {
  const rows: readonly { readonly name: string; readonly frame: object; readonly says: RegExp }[] = [
    {
      name: "no GraphQL",
      frame: asking("t", { query: "{ agent { " }),
      says: /^Invalid syntax with offending token/,
    },
    { name: "an empty document", frame: asking("t", { query: "" }), says: /offending token '<EOF>'/ },
    {
      name: "a field that there is not",
      frame: asking("t", { query: "{ nothing }" }),
      says: /FieldUndefined@\[nothing\]/,
    },
    {
      name: "a mutation, as there is none",
      frame: asking("t", { query: "mutation { agent }" }),
      says: /^Schema is not configured for mutations\.$/,
    },
    { name: "no document", frame: asking("t", {}), says: /offending token '<EOF>'/ },
    { name: "a document that is a number", frame: asking("t", { query: 1 }), says: /offending token '1'/ },
    {
      name: "no request",
      frame: asking("t", { query: turnDocument, variables: {} }),
      says: /^Variable 'request' has an invalid value/,
    },
    {
      name: "a request that is text",
      frame: asking("t", { query: turnDocument, variables: { request: "x" } }),
      says: /Expected type 'Map' but was 'String'/,
    },
    { name: "a member that the request does not have", frame: turnOf({ subset: "canary" }), says: /subset/ },
    { name: "null for the messages", frame: turnOf({ messages: null }), says: /messages/ },
    { name: "a message without text", frame: turnOf({ messages: [{ role: "user" }] }), says: /content/ },
    {
      name: "a message of the system",
      frame: turnOf({ messages: [{ role: "system", content: "x" }] }),
      says: /messages\[0\]\.role|role/,
    },
    { name: "no user", frame: turnOf({ userContext: { userId: null } }), says: /^missing user id$/ },
    {
      name: "a tenant without routings",
      frame: turnOf({
        systemContext: [
          { key: "tenantId", value: "" },
          { key: "channelId", value: "web" },
        ],
      }),
      says: /^No routing info found operator for tenant: , channel: web$/,
    },
    {
      name: "keys in other case",
      frame: turnOf({
        systemContext: [
          { key: "tenantid", value: "acme" },
          { key: "channelId", value: "web" },
        ],
      }),
      says: /^missing tenantId in systemContext$/,
    },
    {
      name: "an endless conversation id",
      frame: turnOf({ conversationContext: { conversationId: "c".repeat(257) } }),
      says: /256 characters/,
    },
  ];
  test.each(rows)("$name", async ({ frame, says }) => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.send(frame);
    const { type, id, payload } = await caller.next();
    expect({ type, id, payload }).toEqual({
      type: "error",
      id: "t",
      payload: [expect.objectContaining({ message: expect.stringMatching(says) })],
    });
    expect(await caller.next()).toEqual({ type: "complete", id: "t" });
    caller.send(asking("t"));
    expect(await caller.next()).toMatchObject({ type: "next", id: "t" });
  });
});

describe("a turn", () => {
  const rows: readonly { readonly name: string; readonly frame: object; readonly turnId?: string | null }[] =
    [
      { name: "whose request has what is required, and no more", frame: turnOf() },
      { name: "for an agent's name, which is ignored", frame: turnOf({}, { agentName: "nobody" }) },
      {
        name: "with null for all that may be null",
        frame: turnOf({
          messages: [
            { role: "user", content: "where is my order", format: "text", turnId: null, binaryData: null },
          ],
          conversationContext: { conversationId: "c", turnId: null, anonymizationEntities: null },
          userContext: { userId: "u", userToken: null, profile: [] },
        }),
      },
      {
        name: "with a tenant given twice, of which the first counts",
        frame: turnOf({ systemContext: [...web, { key: "tenantId", value: "nobody" }] }),
      },
      {
        name: "with a blank turn id",
        frame: turnOf({ conversationContext: { conversationId: "c", turnId: "" } }),
        turnId: "",
      },
      {
        name: "with a turn id of its own",
        frame: turnOf({ conversationContext: { conversationId: "c", turnId: "7" } }),
        turnId: "7",
      },
      {
        name: "with a turn id of a message, which is not the turn's",
        frame: turnOf({ messages: [{ role: "user", content: "where is my order", turnId: "m" }] }),
      },
    ];
  test.each(rows)("$name is answered", async ({ frame, turnId = null }) => {
    const message = { content: "agent-0: where is my order", turnId };
    const result = { messages: [message], responseTime: -1, status: null, type: null };
    expect(await exchange([init, frame], 3)).toEqual([
      ack,
      { type: "next", id: "t", payload: { data: { agent: result } } },
      { type: "complete", id: "t" },
    ]);
  });

  test("too many at once: the seventeenth is refused, the others go on", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    const hang = { messages: [{ role: "user", content: "!hang where is my order" }] };
    for (let each = 0; each < 16; each++) caller.send({ ...turnOf(hang), id: `h${each}` });
    caller.send(asking("late"));
    expect(await caller.next()).toMatchObject({ type: "error", id: "late", payload: [{ message: /limit/ }] });
    expect(await caller.next()).toEqual({ type: "complete", id: "late" });
    caller.send({ type: "complete", id: "h0" });
    caller.send(asking("later"));
    expect(await caller.next()).toMatchObject({ type: "next", id: "later" });
  });
});
