/** Row D7: an agent that asks for patience, as each door tells it to its clients. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { maxFailuresInARow } from "./agents/endpoint-health.ts";
import { type FakeAgent, startFakeAgent } from "./testing/fake-agent.ts";
import { GraphqlCaller } from "./testing/graphql-caller.ts";
import { asking, turnDocument, web } from "./testing/graphql-frames.ts";
import { routingOf } from "./testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "./testing/running-runtime.ts";

interface Patience {
  readonly status: number;
  readonly statusLine: string;
  readonly code: string;
  readonly message: string;
}

const rows: readonly Patience[] = [
  {
    status: 429,
    statusLine: "429 Too Many Requests",
    code: "agent_quota_exceeded",
    message: "The agent agent-0 has reached a limit of its own.",
  },
  {
    status: 503,
    statusLine: "503 Service Unavailable",
    code: "agent_busy",
    message: "The agent agent-0 is busy.",
  },
];

function messageBody(): string {
  return JSON.stringify({
    inputContext: {
      messages: [{ role: "user", content: "hello", format: "text" }],
      explicitAgent: "agent-0",
    },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
  });
}

function post(running: RunningRuntime, path: string, body: string, accept = "application/json") {
  const headers = { "content-type": "application/json", "x-turn-id": "t1", accept };
  return fetch(`${running.url}${path}`, { method: "POST", headers, body });
}

const example = "where is my order";

describe.each(rows)("D7 an agent's $status", ({ status, statusLine, code, message }) => {
  let agent: FakeAgent;
  let running: RunningRuntime;

  beforeAll(async () => {
    agent = await startFakeAgent({ refuseUpgradeWith: statusLine });
    const host = `127.0.0.1:${agent.port}`;
    const examples = [example, "track my parcel"];
    running = await startTestRuntime({ objects: [routingOf([{ name: "agent-0", host, examples }])] });
  });
  afterAll(async () => {
    await running[Symbol.asyncDispose]();
    await agent[Symbol.asyncDispose]();
  });

  test.each(["/apis/v1", "/lmos/runtime/apis/v1"])("is passed on below %s", async (base) => {
    const response = await post(running, `${base}/acme/chat/c1/message`, messageBody());
    expect([response.status, response.headers.get("retry-after")]).toEqual([status, "7"]);
    expect(await response.json()).toEqual({ errorCode: "AGENT_CLIENT_EXCEPTION", message });
  });

  test("is told in a stream", async () => {
    const path = "/apis/v1/acme/chat/c2/message";
    const text = await (await post(running, path, messageBody(), "text/event-stream")).text();
    const [, data = ""] = text.match(/event: error\ndata: (.*)\n/) ?? [];
    expect(JSON.parse(data || "null")).toEqual({ code, message, retryable: true, retryAfterSeconds: 7 });
  });

  test("is told over GraphQL", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    const messages = [{ role: "user", content: example, format: "text" }];
    const request = {
      conversationContext: { conversationId: "c3" },
      systemContext: web,
      userContext: { userId: "u1", profile: [] },
      messages,
    };
    caller.send(asking("1", { query: turnDocument, variables: { request } }));
    const extensions = { code, retryable: true, retryAfterSeconds: 7 };
    expect(await caller.next()).toMatchObject({ type: "error", payload: [{ message, extensions }] });
  });

  const call = (method: string): string => {
    const sent = { messageId: "m1", contextId: "x1", role: "ROLE_USER", parts: [{ text: example }] };
    return JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: { message: sent } });
  };

  test("is told over A2A", async () => {
    const response = await post(running, "/a2a/acme/web", call("SendMessage"));
    expect(await response.json()).toEqual({
      jsonrpc: "2.0",
      id: 7,
      error: { code: -32603, message, data: { code, retryable: true, retryAfterSeconds: 7 } },
    });
  });

  test("is told in a stream of A2A", async () => {
    const response = await post(running, "/a2a/acme/web", call("SendStreamingMessage"));
    const last = [...(await response.text()).matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? "";
    expect(JSON.parse(last).result.statusUpdate).toMatchObject({
      status: { state: "TASK_STATE_FAILED", message: { parts: [{ text: message }] } },
      metadata: { "lmos.failure": { code, retryable: true, retryAfterSeconds: 7 } },
    });
  });

  test("counts under its own name, and opens no breaker", async () => {
    for (let turn = 0; turn < 2 * maxFailuresInARow; turn++) {
      await post(running, `/apis/v1/acme/chat/m${turn}/message`, messageBody());
    }
    const metrics = await (await fetch(`${running.managementUrl}/metrics`)).text();
    const counted = new RegExp(`lmos_turns_total\\{outcome="${code}",decision="explicit"\\} \\d{2}`);
    expect(metrics).toMatch(counted);
    expect(metrics).toMatch(/^lmos_agent_endpoints_resting 0$/m);
  });
});

test("D7 a caller above its own limit is told another code with the same status", async () => {
  const agent = await startFakeAgent();
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const objects = [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}`, examples: [example] }])];
  const running = await startTestRuntime({ objects, limits: { tenantTurnsPerSecond: 0.001 } });
  onTestFinished(() => running[Symbol.asyncDispose]());
  const answers = [];
  for (const conversation of ["c1", "c2"]) {
    const response = await post(running, `/apis/v1/acme/chat/${conversation}/message`, messageBody());
    answers.push([response.status, ((await response.json()) as { errorCode?: string }).errorCode]);
  }
  expect(answers).toEqual([
    [200, undefined],
    [429, "TOO_MANY_REQUESTS"],
  ]);
});
