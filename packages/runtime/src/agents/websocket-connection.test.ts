import { once } from "node:events";
import { createServer } from "node:net";
import { systemIds } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { defaultLimits } from "../limits.ts";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { repliesOf } from "../testing/replies.ts";
import { collect, turnOf } from "../testing/turns.ts";
import { toAgentRequest } from "../turn/agent-request.ts";
import type { AgentCall, AgentReply } from "./agent-connection.ts";
import { usualTrust } from "./trusted-authorities.ts";
import { createWebSocketConnection } from "./websocket-connection.ts";

const connection = createWebSocketConnection({
  clock: new FakeClock(),
  ids: systemIds,
  limits: defaultLimits,
  trust: usualTrust,
});

function callOf(port: number, content: string): AgentCall {
  const request = toAgentRequest(turnOf({ messages: [{ role: "user", content, format: "text" }] }));
  return { url: `ws://127.0.0.1:${port}/subscriptions`, subset: "canary", request };
}

function ask(
  port: number,
  content: string,
  signal = new AbortController().signal,
): AsyncIterable<AgentReply> {
  return repliesOf((reader) => connection.ask(callOf(port, content), reader), { signal });
}

const contents = (replies: readonly AgentReply[]): readonly string[] =>
  replies.flatMap((reply) =>
    reply.kind === "result" ? reply.result.messages.map(({ content }) => content) : [],
  );

const framesOf = (agent: FakeAgent, type: string) =>
  agent.seen.filter(({ frame }) => frame?.["type"] === type);
const isFrame = (type: string) => (seen: { readonly frame?: Readonly<Record<string, unknown>> }) =>
  seen.frame?.["type"] === type;
const isClose = (seen: { readonly kind: string }): boolean => seen.kind === "close";

async function whenClosed(agent: FakeAgent): Promise<number | undefined> {
  return (await agent.whenSeen(isClose)).code;
}

test("asks over a socket that offers the sub-protocol and names the subset", async () => {
  await using agent = await startFakeAgent();
  const replies = await collect(ask(agent.port, "hello"));
  expect(contents(replies)).toEqual(["agent-0: hello"]);
  expect(replies.at(-1)).toEqual({ kind: "completed" });
  const { headers } = await agent.whenSeen(({ kind }) => kind === "upgrade");
  expect(headers).toMatchObject({ "sec-websocket-protocol": "graphql-transport-ws", "x-subset": "canary" });
  expect(headers).not.toHaveProperty("sec-websocket-extensions");
  expect(agent.seen.flatMap(({ frame }) => frame?.["type"] ?? [])).toEqual(["connection_init", "subscribe"]);
});

describe("understands an agent that", () => {
  test.each([
    { name: "sends a protocol ping", content: "!ping", answers: ["agent-0: !ping"] },
    {
      name: "says something on the way",
      content: "!intermediate",
      answers: ["working on it", "agent-0: done"],
    },
    { name: "knows no result types", content: "!old", answers: ["agent-0: !old", "working on it"] },
    { name: "completes without a result", content: "!empty", answers: [] },
  ])("$name", async ({ content, answers }) => {
    await using agent = await startFakeAgent();
    const replies = await collect(ask(agent.port, content));
    expect(contents(replies)).toEqual(answers);
    expect(replies.at(-1)).toEqual({ kind: "completed" });
  });
});

test("keeps every reply for a reader that is slower than the agent", async () => {
  await using agent = await startFakeAgent();
  const seen: string[] = [];
  for await (const reply of ask(agent.port, "!pieces")) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    seen.push(...contents([reply]).map((content) => content.split(" ")[0] ?? ""));
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`));
});

describe("tells what is wrong with an agent that", () => {
  const repeatable = false;
  test.each([
    { name: "reports an error", content: "!error", fault: { kind: "error", errors: ["stub failure"] } },
    {
      name: "reports a field error",
      content: "!nexterror",
      fault: { kind: "error", errors: ["field failure"] },
    },
    { name: "closes early", content: "!close", fault: { kind: "interrupted", closeCode: 4500 } },
    { name: "drops the connection", content: "!drop", fault: { kind: "interrupted", closeCode: 1006 } },
    { name: "sends garbage", content: "!garbage", fault: { kind: "protocol", reason: "frame is not JSON" } },
    { name: "sends binary", content: "!binary", fault: { kind: "protocol", reason: "frame is binary" } },
    { name: "sends a frame that is too large", content: "!huge", fault: { kind: "tooLarge" } },
    { name: "sends too much in all", content: "!flood", fault: { kind: "tooLarge" } },
  ])("$name", async ({ content, fault }) => {
    await using agent = await startFakeAgent();
    expect((await collect(ask(agent.port, content))).at(-1)).toEqual({ kind: "failed", fault, repeatable });
    if (fault.kind !== "error") await agent.whenSeen(isClose); // an error is an answer: the socket stays
  });

  test("isn't there", async () => {
    const agent = await startFakeAgent();
    await agent[Symbol.asyncDispose]();
    const failed = { kind: "failed", fault: { kind: "unavailable" }, repeatable: true };
    expect(await collect(ask(agent.port, "hello"))).toEqual([failed]);
  });

  test.each([
    { status: "503 Service Unavailable", kind: "busy" },
    { status: "429 Too Many Requests", kind: "limited" },
  ])("refuses the upgrade for now with $status", async ({ status, kind }) => {
    await using agent = await startFakeAgent({ refuseUpgradeWith: status });
    const failed = { kind: "failed", fault: { kind, retryAfterSeconds: 7 }, repeatable: true };
    expect(await collect(ask(agent.port, "hello"))).toEqual([failed]);
  });

  test("refuses the upgrade for good", async () => {
    await using agent = await startFakeAgent({ refuseUpgradeWith: "404 Not Found" });
    const failed = { kind: "failed", fault: { kind: "unavailable" }, repeatable: true };
    expect(await collect(ask(agent.port, "hello"))).toEqual([failed]);
  });

  test("is no WebSocket server", async () => {
    const server = createServer((socket) => socket.end("what?\r\n\r\n"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const failed = { kind: "failed", fault: { kind: "unavailable" }, repeatable: true };
    expect(await collect(ask(port, "hello"))).toEqual([failed]);
    server.close();
  });
});

describe("cancels the turn at the agent", () => {
  test("when it is aborted, and throws the reason", async () => {
    await using agent = await startFakeAgent();
    const stop = new AbortController();
    const replies = collect(ask(agent.port, "!hang", stop.signal));
    await agent.whenSeen(isFrame("subscribe"));
    stop.abort(new Error("client gone"));
    await expect(replies).rejects.toThrow("client gone");
    await agent.whenSeen(isFrame("complete"));
    expect(await whenClosed(agent)).toBe(1000);
  });

  test("when its reader leaves early", async () => {
    await using agent = await startFakeAgent();
    for await (const reply of ask(agent.port, "!flood")) {
      expect(reply.kind).toBe("result");
      break;
    }
    await agent.whenSeen(isFrame("complete"));
    expect(await whenClosed(agent)).toBe(1000);
  });

  test("before it is connected", async () => {
    await using agent = await startFakeAgent({ neverAcknowledge: true });
    const stop = new AbortController();
    const replies = collect(ask(agent.port, "hello", stop.signal));
    await agent.whenSeen(isFrame("connection_init"));
    stop.abort(new Error("client gone"));
    await expect(replies).rejects.toThrow("client gone");
    await agent.whenSeen(isClose);
  });

  test("without asking at all when it was left before it was read", async () => {
    await using agent = await startFakeAgent();
    const heard: unknown[] = [];
    const hear = (what: unknown): void => void heard.push(what);
    const reader = { take: hear, fail: hear };
    connection.ask(callOf(agent.port, "hello"), reader).leave();
    expect([agent.seen, heard]).toEqual([[], []]);
  });

  test("while a socket is taken, and tells its reader nothing more", async () => {
    await using agent = await startFakeAgent();
    const heard: unknown[] = [];
    const hear = (what: unknown): void => void heard.push(what);
    const reader = { take: hear, fail: hear };
    const replies = connection.ask(callOf(agent.port, "hello"), reader);
    replies.read();
    for (let times = 0; times < 2; times++) replies.leave();
    await collect(ask(agent.port, "another one"));
    expect([framesOf(agent, "subscribe").length, heard]).toEqual([1, []]);
  });
});

test("tells its reader that a socket cannot be opened at all", async () => {
  const call = { ...callOf(1, "hello"), url: "no address" };
  await expect(collect(repliesOf((reader) => connection.ask(call, reader)))).rejects.toThrow("Invalid URL");
});
