/** What A2A clients may get wrong: the answer names the field and what to send, under the request's id where it has one. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  running = await startTestRuntime({ objects: [routingOf([{ name: "agent-0", host }])] });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

async function answerTo(body: unknown): Promise<unknown> {
  const init = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  return (await fetch(`${running.url}/a2a/acme/web`, init)).json();
}

const call = (more: object = {}): object => ({
  ...{ jsonrpc: "2.0", id: 7, method: "SendMessage" },
  params: { message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "hello" }] } },
  ...more,
});
const message = (more: object): object =>
  call({ params: { message: { messageId: "m", role: "ROLE_USER", parts: [{ text: "hello" }], ...more } } });

describe("a call is refused as none", () => {
  const rows: readonly {
    readonly name: string;
    readonly body: unknown;
    readonly id: unknown;
    readonly says: RegExp;
  }[] = [
    { name: "that is a list", body: [call()], id: null, says: /the object: expected object, received array/ },
    { name: "without a version", body: call({ jsonrpc: undefined }), id: 7, says: /jsonrpc: give "2\.0"/ },
    { name: "of version 1", body: call({ jsonrpc: "1.0", id: "a" }), id: "a", says: /jsonrpc: give "2\.0"/ },
    { name: "without a method", body: call({ method: undefined }), id: 7, says: /method: expected string/ },
    {
      name: "without an id",
      body: call({ id: undefined }),
      id: null,
      says: /id: give a text of at most 256 characters/,
    },
    {
      name: "with an id that is a list",
      body: call({ id: [7] }),
      id: null,
      says: /id: give a text of at most 256/,
    },
    {
      name: "with an endless id",
      body: call({ id: "x".repeat(257) }),
      id: null,
      says: /id: give a text of at most 256/,
    },
  ];
  test.each(rows)("$name", async ({ body, id, says }) => {
    expect(await answerTo(body)).toEqual({
      ...{ jsonrpc: "2.0", id },
      error: { code: -32600, message: expect.stringMatching(says) },
    });
  });
});

describe("a message is refused", () => {
  const rows: readonly {
    readonly name: string;
    readonly body: unknown;
    readonly code: number;
    readonly says: RegExp;
  }[] = [
    { name: "without parts", body: message({ parts: [] }), code: -32602, says: /message\.parts/ },
    { name: "of an agent", body: message({ role: "ROLE_AGENT" }), code: -32602, says: /message\.role/ },
    { name: "without an id", body: message({ messageId: "" }), code: -32602, says: /message\.messageId/ },
    {
      name: "with a long id",
      body: message({ messageId: "m".repeat(257) }),
      code: -32602,
      says: /^The turn id has more than 256 characters: shorten it\.$/,
    },
    {
      name: "of a conversation with a long id",
      body: message({ contextId: "c".repeat(257) }),
      code: -32602,
      says: /^The conversation id has more than 256 characters/,
    },
    {
      name: "that is a file",
      body: message({ parts: [{ file: { bytes: "" } }] }),
      code: -32005,
      says: /^message\.parts has no text: send a part with text/,
    },
    {
      name: "of blanks",
      body: message({ parts: [{ text: " \n" }] }),
      code: -32005,
      says: /^message\.parts has no text/,
    },
  ];
  test.each(rows)("$name", async ({ body, code, says }) => {
    expect(await answerTo(body)).toMatchObject({
      id: 7,
      error: { code, message: expect.stringMatching(says) },
    });
  });
});

test.each([{ id: "x".repeat(256) }, { id: 0 }, { id: -1.5 }, { id: null }])(
  "the id $id is repeated",
  async ({ id }) => {
    expect(await answerTo(call({ id, method: "Nothing" }))).toEqual({
      ...{ jsonrpc: "2.0", id },
      error: { code: -32601, message: "Method not found" },
    });
  },
);
