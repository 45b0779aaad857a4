/** A channel as one A2A agent, in the wordings of A2A 1.0 and 0.3, on a real runtime. */
import type { ChannelRouting } from "@lmos/resources";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import type { RuntimeLimits } from "../limits.ts";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

const examples = ["where is my order", "track my parcel", "when will my package arrive"];
let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  const billing = { name: "agent-1", host, examples: ["why is my bill so high", "send me my invoice"] };
  running = await startTestRuntime({ objects: [routingOf([{ name: "agent-0", host, examples }, billing])] });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

interface PostOptions {
  readonly channel?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post(
  method: string,
  params: unknown,
  { channel = "web", headers }: PostOptions = {},
): Promise<Response> {
  return fetch(`${running.url}/a2a/acme/${channel}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params }),
  });
}

async function call(method: string, params: unknown, channel?: string): Promise<unknown> {
  return (await post(method, params, { channel })).json();
}

/** Results of a stream. */
async function stream(
  method: string,
  params: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly object[]> {
  const text = await (await post(method, params, { headers })).text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? "").result);
}

const old = (text: string): unknown => ({
  message: {
    kind: "message",
    messageId: "m1",
    contextId: "x1",
    role: "user",
    parts: [{ kind: "text", text }],
  },
});
const current = (text: string): unknown => ({
  message: { messageId: "m1", contextId: "x1", role: "ROLE_USER", parts: [{ text }] },
});

test("the card names the channel's capabilities and where to send messages", async () => {
  const response = await fetch(`${running.url}/a2a/acme/web/.well-known/agent-card.json`);
  const url = `${running.url}/a2a/acme/web`;
  expect(await response.json()).toMatchObject({
    name: "acme/web",
    url,
    supportedInterfaces: [
      { url, protocolBinding: "JSONRPC", protocolVersion: "1.0" },
      { protocolVersion: "0.3" },
    ],
    skills: [{ id: "agent-0.agent-0-capability-id", tags: ["agent-0"] }, { tags: ["agent-1"] }],
  });
  expect((await fetch(`${running.url}/a2a/acme/fax/.well-known/agent-card.json`)).status).toBe(404);
});

describe("a message is answered", () => {
  test("in the wording of 1.0", async () => {
    expect(await call("SendMessage", current("where is my order"))).toMatchObject({
      jsonrpc: "2.0",
      id: 7,
      result: {
        message: { contextId: "x1", role: "ROLE_AGENT", parts: [{ text: "agent-0: where is my order" }] },
      },
    });
  });

  test("in the wording of 0.3", async () => {
    expect(await call("message/send", old("where is my order"))).toMatchObject({
      result: {
        kind: "message",
        role: "agent",
        parts: [{ kind: "text", text: "agent-0: where is my order" }],
      },
    });
  });

  test("as a stream of a task that can be asked for afterwards", async () => {
    const results = await stream("SendStreamingMessage", current("where is my order"));
    expect(results).toMatchObject([
      { task: { contextId: "x1", status: { state: "TASK_STATE_WORKING" } } },
      { artifactUpdate: { append: false, artifact: { parts: [{ text: "agent-0: " }] } } },
      { artifactUpdate: { append: true, artifact: { parts: [{ text: "where is my order" }] } } },
      { artifactUpdate: { append: false, lastChunk: true } },
      { statusUpdate: { status: { state: "TASK_STATE_COMPLETED" } } },
    ]);
    const [first] = await stream("message/stream", old("track my parcel"));
    const id = String(first !== undefined && "id" in first ? first.id : "");
    expect(await call("tasks/get", { id })).toMatchObject({
      result: { kind: "task", id, status: { state: "completed" }, artifacts: [{ artifactId: "answer" }] },
    });
    expect(await call("tasks/get", { id }, "fax")).toMatchObject({ error: { code: -32001 } });
  });
});

test("an agent is told what was said before in the conversation that a client names", async () => {
  const inConversation = (contextId: string, text: string) => ({
    message: { messageId: "m1", contextId, role: "ROLE_USER", parts: [{ text }] },
  });
  await call("SendMessage", inConversation("x2", "where is my order"));
  await call("SendMessage", inConversation("x2", "and my parcel, the second one?"));
  await call("SendMessage", inConversation("x3", "track my parcel"));
  const told = agent.seen.flatMap(({ frame }) => toldMessages(frame)).slice(-3);
  expect(told).toEqual([
    ["where is my order"],
    ["where is my order", "agent-0: where is my order", "and my parcel, the second one?"],
    ["track my parcel"],
  ]);
});

/** The messages of a question to an agent. */
function toldMessages(frame: unknown): readonly (readonly string[])[] {
  const schema = z.object({
    payload: z.object({
      variables: z.object({ request: z.object({ messages: z.array(z.object({ content: z.string() })) }) }),
    }),
  });
  const { data } = schema.safeParse(frame);
  return data === undefined ? [] : [data.payload.variables.request.messages.map(({ content }) => content)];
}

test("a message is explained on request only", async () => {
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 7,
    method: "SendMessage",
    params: current("track my parcel"),
  });
  const explained = async (headers: Readonly<Record<string, string>>) => {
    const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
    const response = await fetch(`${running.url}/a2a/acme/web`, init);
    return [response.headers.get("x-lmos-agent"), response.headers.get("x-lmos-stage")];
  };
  expect(await explained({ "x-lmos-explain": "true" })).toEqual(["agent-0", "vector"]);
  expect(await explained({})).toEqual([null, null]);
});

const statusSchema = z.object({ statusUpdate: z.object({ metadata: z.unknown().optional() }).optional() });

test("a stream is explained on request only, in the metadata of a status", async () => {
  const metadataOf = (results: readonly unknown[]): readonly unknown[] =>
    results.map((result) => statusSchema.parse(result).statusUpdate?.metadata).filter(Boolean);
  const asked = current("track my parcel");
  expect(metadataOf(await stream("SendStreamingMessage", asked))).toEqual([]);
  const explained = await stream("SendStreamingMessage", asked, { "x-lmos-explain": "true" });
  expect(metadataOf(explained)).toMatchObject([
    { "lmos.routing": { agent: "agent-0", stage: "vector", decision: "accept", ms: expect.any(Number) } },
  ]);
  expect(await stream("message/stream", old("track my parcel"), { "x-lmos-explain": "true" })).toContainEqual(
    expect.objectContaining({
      kind: "status-update",
      status: { state: "working" },
      final: false,
      metadata: { "lmos.routing": expect.objectContaining({ agent: "agent-0" }) },
    }),
  );
});

describe("an error is told", () => {
  const rows: readonly {
    readonly name: string;
    readonly answer: () => Promise<unknown>;
    readonly error: object;
  }[] = [
    { name: "of a method that there is not", answer: () => call("tasks/list", {}), error: { code: -32601 } },
    { name: "of wrong parameters", answer: () => call("SendMessage", {}), error: { code: -32602 } },
    {
      name: "of an unknown channel",
      answer: () => call("SendMessage", current("hi"), "fax"),
      error: { code: -32602, data: { code: "no_routing" } },
    },
    {
      name: "of an agent",
      answer: () => call("SendMessage", current("!error where is my order")),
      error: { code: -32603, data: { code: "agent_error", retryable: false } },
    },
  ];
  test.each(rows)("$name", async ({ answer, error }) => {
    expect(await answer()).toMatchObject({ error });
  });

  test.each([
    { name: "no JSON", body: "{", says: { error: { code: -32700 }, id: null } },
    { name: "nothing", body: "", says: { error: { code: -32700 }, id: null } },
    { name: "no call", body: "[]", says: { error: { code: -32600 }, id: null } },
  ])("of a body that is $name", async ({ body, says }) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${running.url}/a2a/acme/web`, { method: "POST", headers, body });
    expect(await response.json()).toMatchObject(says);
  });

  test("of an agent, in the stream that has begun", async () => {
    const results = await stream("SendStreamingMessage", current("!error where is my order"));
    expect(results.at(-1)).toMatchObject({ statusUpdate: { status: { state: "TASK_STATE_FAILED" } } });
  });
});

describe("D13 a stream whose reader", () => {
  const body = (text: string): string =>
    JSON.stringify({ jsonrpc: "2.0", id: 7, method: "SendStreamingMessage", params: current(text) });
  const headers = { "content-type": "application/json" };

  async function start(limits: Partial<RuntimeLimits>) {
    const slow = await startFakeAgent();
    const host = `127.0.0.1:${slow.port}`;
    const objects = [routingOf([{ name: "agent-0", host, examples }], { channel: "slow" })];
    const runtime = await startTestRuntime({ objects: withFallback(objects), limits });
    onTestFinished(async () => {
      await runtime[Symbol.asyncDispose]();
      await slow[Symbol.asyncDispose]();
    });
    return { slow, url: `${runtime.url}/a2a/acme/slow` };
  }

  test("waits for a thinking agent is told that it is still there", async () => {
    const { slow, url } = await start({ keepAliveMs: 10 });
    const response = await fetch(url, { method: "POST", headers, body: body("!wait") });
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes(": keep-alive")) slow.release();
    }
    expect(text).toContain("TASK_STATE_COMPLETED");
  });
});

/** What is for none of the agents goes to the first one: what a test says decides nothing. */
function withFallback(routings: readonly ChannelRouting[]): readonly ChannelRouting[] {
  return routings.map((routing) => ({
    ...routing,
    spec: { ...routing.spec, routing: { fallbackAgent: "agent-0" } },
  }));
}
