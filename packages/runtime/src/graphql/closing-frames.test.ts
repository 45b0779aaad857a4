/** Frames for which a socket of the runtime is closed, and with which code. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { asking, init, names, turnDocument, turnOf } from "../testing/graphql-frames.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const examples = ["where is my order", "track my parcel", "has my order been shipped yet"];
  const objects = [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}`, examples }])];
  running = await startTestRuntime({ objects });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

/** What a WebSocket tells of a close frame that has none. */
const noCode = 1005;

describe("closes the socket:", () => {
  const rows: readonly { readonly name: string; readonly sent: readonly unknown[]; readonly code: number }[] =
    [
      { name: "an operation before the handshake", sent: [asking("1")], code: 4401 },
      { name: "a second handshake", sent: [init, init], code: 4429 },
      {
        name: "an id in use",
        sent: [
          init,
          turnOf({ messages: [{ role: "user", content: "!hang where is my order" }] }),
          asking("t"),
        ],
        code: 4409,
      },
      { name: "a type that nobody knows", sent: [init, { type: "start", id: "1" }], code: 4400 },
      { name: "a type of the older protocol", sent: [init, { type: "connection_terminate" }], code: 4400 },
      { name: "no type", sent: [init, { id: "1" }], code: 4400 },
      { name: "a type that is a number", sent: [{ type: 1 }], code: 4400 },
      { name: "a pong that nobody asked for", sent: [init, { type: "pong" }], code: 4400 },
      { name: "an id that is too long", sent: [init, asking("i".repeat(257))], code: 4400 },
      { name: "a query", sent: [init, asking("1", { query: names })], code: 1011 },
      {
        name: "an operation that is not in the document",
        sent: [init, asking("1", { query: turnDocument, operationName: "B" })],
        code: 1011,
      },
      { name: "a list", sent: ["[]"], code: noCode },
      { name: "null", sent: ["null"], code: 4400 },
      { name: "an empty frame", sent: [""], code: noCode },
      { name: "no JSON", sent: ["hello"], code: noCode },
      {
        name: "an operation without id",
        sent: [init, { type: "subscribe", payload: { query: names } }],
        code: noCode,
      },
      { name: "null for a document", sent: [init, asking("1", { query: null })], code: noCode },
      {
        name: "variables that are a list",
        sent: [init, asking("1", { query: names, variables: [] })],
        code: noCode,
      },
      { name: "a complete without id", sent: [init, { type: "complete" }], code: noCode },
    ];
  test.each(rows)("$name, with $code", async ({ sent, code }) => {
    using caller = await GraphqlCaller.open(running.url);
    for (const frame of sent) caller.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
    expect(await caller.closed()).toBe(code);
  });

  test("a second handshake in a binary frame, with 4429: they are read like others", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.socket.send(Buffer.from(JSON.stringify(init)));
    expect(await caller.closed()).toBe(4429);
  });

  test("a binary frame that is none, without a code", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.socket.send(Buffer.from([0, 1, 255]));
    expect(await caller.closed()).toBe(noCode);
  });
});
