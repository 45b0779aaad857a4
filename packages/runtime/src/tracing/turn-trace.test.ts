/** Spans of real turns over real sockets, collected in memory. */

import { SpanStatusCode } from "@opentelemetry/api";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AgentConnection, AgentReply } from "../agents/agent-connection.ts";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { type AnswerScript, connectionOf, repliesOf } from "../testing/replies.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";
import { collect, turnOf } from "../testing/turns.ts";
import { toAgentRequest } from "../turn/agent-request.ts";
import { TurnTrace } from "./turn-trace.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const callerSpan = "b7ad6b7169203331";
const traceparent = `00-${traceId}-${callerSpan}-01`;

const exporter = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  running = await startTestRuntime({
    objects: [routingOf([{ name: "agent-0", host }])],
    tracer: provider.getTracer("test"),
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});
beforeEach(() => exporter.reset());

function spans(): ReadonlyMap<string, ReadableSpan> {
  return new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
}

const idOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().spanId;

test("a turn is a span of the caller's trace, with its decision and its agent's call inside", async () => {
  await postMessage(running, messageBody("hello"), { headers: { traceparent, "x-turn-id": "t-traced" } });
  const found = spans();
  const turn = found.get("turn");
  expect([...found.keys()].toSorted()).toEqual(["agent", "classify", "turn"]);
  expect([...found.values()].map((span) => span.spanContext().traceId)).toEqual([traceId, traceId, traceId]);
  expect(turn?.parentSpanContext?.spanId).toBe(callerSpan);
  expect(found.get("classify")?.parentSpanContext?.spanId).toBe(idOf(turn));
  expect(found.get("agent")?.parentSpanContext?.spanId).toBe(idOf(turn));
  expect(turn?.attributes).toMatchObject({
    "lmos.tenant": "acme",
    "lmos.turn_id": "t-traced",
    "lmos.decision": "explicit",
    "lmos.agent": "agent-0",
    "lmos.outcome": "answered",
    "lmos.subset": "stable",
  });
});

test("the agent goes on with the span of its own call, one for each operation on a shared socket", async () => {
  const told: unknown[] = [];
  for (const turnId of ["one", "two"]) {
    exporter.reset();
    await postMessage(running, messageBody("hello"), { headers: { traceparent, "x-turn-id": turnId } });
    const { frame } = await agent.whenSeen(({ frame: seen }) =>
      JSON.stringify(seen ?? "").includes(`"${turnId}"`),
    );
    told.push(JSON.stringify(frame).match(/"traceparent","value":"([^"]*)"/)?.[1]);
    expect(told.at(-1)).toBe(`00-${traceId}-${idOf(spans().get("agent"))}-01`);
  }
  expect(new Set(told).size).toBe(2);
});

test("the agent is told the state of the caller's trace with the span of its own call", async () => {
  const headers = { traceparent, tracestate: "rojo=1,congo=2", "x-turn-id": "t-state" };
  await postMessage(running, messageBody("hello"), { headers });
  const { frame } = await agent.whenSeen(({ frame: seen }) => JSON.stringify(seen ?? "").includes("t-state"));
  const parent = `00-${traceId}-${idOf(spans().get("agent"))}-01`;
  expect(JSON.stringify(frame)).toContain(
    `{"key":"traceparent","value":"${parent}"},{"key":"tracestate","value":"rojo=1,congo=2"}`,
  );
});

test("a turn without a trace begins one", async () => {
  await postMessage(running, messageBody("hello"));
  expect(spans().get("turn")?.parentSpanContext).toBeUndefined();
});

test("a failed call fails its span and the turn's, with codes and no texts", async () => {
  await postMessage(running, messageBody("!error my secret"));
  const found = spans();
  expect(found.get("agent")?.status).toMatchObject({ code: 2, message: "error" });
  expect(found.get("turn")?.status).toMatchObject({ code: 2, message: "agent_error" });
  const told = exporter
    .getFinishedSpans()
    .map(({ attributes, events, status }) => ({ attributes, events, status }));
  expect(JSON.stringify(told)).not.toContain("secret");
});

test("a refused turn has no span", async () => {
  await postMessage(running, "{}");
  expect(exporter.getFinishedSpans()).toEqual([]);
});

describe("a call with a span around it", () => {
  const call = { url: "ws://agent:80/subscriptions", subset: "stable", request: toAgentRequest(turnOf()) };
  const result: AgentReply = {
    kind: "result",
    result: { type: "MESSAGE", responseTime: 0, messages: [], context: [], toolCalls: [] },
  };
  const completed: AgentReply = { kind: "completed" };
  const tooLarge: AgentReply = { kind: "failed", fault: { kind: "tooLarge" }, repeatable: false };

  function traced(script: AnswerScript): AgentConnection {
    return new TurnTrace(turnOf(), provider.getTracer("test")).around(connectionOf(script));
  }

  test.each([
    { name: "that is answered", reply: completed, status: { code: SpanStatusCode.UNSET } },
    { name: "that fails", reply: tooLarge, status: { code: SpanStatusCode.ERROR, message: "tooLarge" } },
  ])("$name tells its replies, and how it ended", async ({ reply, status }) => {
    const connection = traced(async function* () {
      yield reply;
    });
    expect(await collect(repliesOf<AgentReply>((reader) => connection.ask(call, reader)))).toEqual([reply]);
    expect(spans().get("agent")?.status).toEqual(status);
  });

  test("that is left ends its span once, as cancelled", async () => {
    const connection = traced(async function* (_, { signal }) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      yield completed;
    });
    const heard: unknown[] = [];
    const hear = (what: unknown): void => void heard.push(what);
    const replies = connection.ask(call, { take: hear, fail: hear });
    replies.read();
    for (let times = 0; times < 2; times++) replies.leave();
    const all = exporter.getFinishedSpans().map(({ name, status }) => [name, status.message]);
    expect([all, heard]).toEqual([[["agent", "cancelled"]], []]);
  });

  test("that breaks tells it", async () => {
    const connection = traced(async function* () {
      yield result;
      throw new Error("broken");
    });
    const replies = repliesOf<AgentReply>((reader) => connection.ask(call, reader));
    await expect(collect(replies)).rejects.toThrow("broken");
    expect(spans().get("agent")?.status).toMatchObject({ message: "result" });
  });
});
