/**
 * What the tests of the Kotlin runtime assert of it, one by one, held against ours over real sockets. Where ours differs
 * on purpose the name says how; docs/compatibility.md has the reason.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRuntimeError } from "./errors.ts";
import type { FakeAgent } from "./testing/fake-agent.ts";
import { GraphqlCaller } from "./testing/graphql-caller.ts";
import { type OperatedRuntime, startOperatedRuntime } from "./testing/operated-runtime.ts";
import { type RunningRuntime, startTestRuntime } from "./testing/running-runtime.ts";
import type { StubOperator } from "./testing/stub-operator.ts";

let operated: OperatedRuntime;
let agent: FakeAgent;
let operator: StubOperator;
let running: RunningRuntime;
let turns = 0;

beforeAll(async () => {
  operated = await startOperatedRuntime();
  ({ agent, operator, running } = operated);
});
afterAll(() => operated[Symbol.asyncDispose]());

type Said = readonly [role: string, content: string];

function bodyOf(messages: readonly Said[], explicitAgent?: string): string {
  return JSON.stringify({
    inputContext: { messages: messages.map(([role, content]) => ({ role, content })), explicitAgent },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
  });
}

interface Asking {
  readonly tenant?: string;
  readonly conversation?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly url?: string;
}

async function ask(body: string, asking: Asking = {}) {
  turns += 1;
  const { tenant = "acme", conversation = `c${turns}`, url = running.url } = asking;
  const headers = { "content-type": "application/json", "x-turn-id": `t${turns}`, ...asking.headers };
  const path = `/apis/v1/${tenant}/chat/${conversation}/message`;
  const response = await fetch(`${url}${path}`, { method: "POST", headers, body });
  return { status: response.status, body: (await response.json()) as unknown };
}

const hello: readonly Said[] = [["user", "hello"]];
const answered = (content: string) => ({ status: 200, body: { content, anonymizationEntities: null } });
const failed = (status: number, errorCode: string, message: unknown) => ({
  status,
  body: { errorCode, message },
});

describe("REST", () => {
  test("a valid request with x-turn-id is answered with the agent's message", async () => {
    expect(await ask(bodyOf(hello, "agent-0"))).toEqual(answered("agent-0: hello"));
  });

  test("so is one with an empty list of messages", async () => {
    expect(await ask(bodyOf([], "agent-0"))).toEqual(answered("agent-0: "));
  });

  test("no routing is 404 AGENT_NOT_FOUND with a message", async () => {
    const message = "No routing info found operator for tenant: unknown, channel: web";
    expect(await ask(bodyOf(hello), { tenant: "unknown" })).toEqual(failed(404, "AGENT_NOT_FOUND", message));
  });

  test('{"invalid":"data"} is 400 INVALID_REQUEST', async () => {
    expect(await ask('{"invalid":"data"}')).toEqual(failed(400, "INVALID_REQUEST", expect.any(String)));
  });

  test("a failing agent is 500 AGENT_CLIENT_EXCEPTION", async () => {
    const answer = await ask(bodyOf([["user", "!error"]], "agent-0"));
    expect(answer).toEqual(failed(500, "AGENT_CLIENT_EXCEPTION", expect.any(String)));
  });

  test("the fields at fault are listed in the message", async () => {
    const body = '{"inputContext":{"messages":7},"systemContext":{},"userContext":{}}';
    const answer = await ask(body);
    expect(answer).toEqual(failed(400, "INVALID_REQUEST", expect.stringContaining("inputContext.messages")));
    expect(JSON.stringify(answer)).toContain("systemContext.channelId");
    expect(JSON.stringify(answer)).toContain("userContext.userId");
  });

  test("a failing operator is 500 INTERNAL_SERVER_ERROR", async () => {
    const answer = await ask(bodyOf(hello), { tenant: "broken" });
    expect(answer).toEqual(failed(500, "INTERNAL_SERVER_ERROR", "Unexpected response from operator"));
  });
});

describe("channels are passed on from the operator", () => {
  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${running.url}/apis/v1/tenants/acme/channels${path}`, { headers });

  test("with subset and namespace", async () => {
    await get("", { "x-subset": "canary", "x-namespace": "n2" });
    expect(operator.asked.at(-1)).toEqual({
      method: "GET",
      path: "/apis/v1/tenants/acme/channels",
      headers: { accept: "application/json", "x-subset": "canary", "x-namespace": "n2" },
    });
  });

  test.each(["", "/web", "/web/routing"])("%s is 200", async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  test.each(["/unknown", "/unknown/routing"])("%s is 404", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe("end to end", () => {
  const conversations: readonly { readonly name: string; readonly said: readonly Said[] }[] = [
    { name: "one message", said: hello },
    { name: "several messages, the last of them the assistant's", said: [...hello, ["assistant", "hi"]] },
  ];
  test.each(conversations)("$name is answered", async ({ said }) => {
    expect(await ask(bodyOf(said, "agent-0"))).toMatchObject({ status: 200, body: { content: /./ } });
  });

  test("two turns of one conversation are answered", async () => {
    for (const content of ["one", "two"]) {
      const answer = await ask(bodyOf([["user", content]], "agent-0"), { conversation: "twice" });
      expect(answer).toEqual(answered(`agent-0: ${content}`));
    }
  });

  test("the agent is called with a null agentName and the routing's subset, though the client sent none", async () => {
    await ask(bodyOf(hello, "agent-0"), { conversation: "subset" });
    const { frame, subset } = await agent.whenSeen(({ frame: seen }) =>
      JSON.stringify(seen ?? "").includes('"subset"'),
    );
    expect(subset).toBe("stable");
    expect(frame).toMatchObject({ payload: { variables: { agentName: null } } });
  });

  test("the subset of a later request does not override that of the conversation", async () => {
    await ask(bodyOf(hello, "agent-0"), { conversation: "sticky", headers: { "x-subset": "canary" } });
    await ask(bodyOf(hello, "agent-0"), { conversation: "sticky", headers: { "x-subset": "stable" } });
    const asked = agent.seen.filter(({ frame }) => JSON.stringify(frame ?? "").includes('"sticky"'));
    expect(asked.map(({ subset }) => subset)).toEqual(["canary", "canary"]);
  });
});

describe("explicit routing", () => {
  test("a matching name is that agent", async () => {
    expect((await ask(bodyOf(hello, "agent-0"))).status).toBe(200);
  });

  test("an unknown name is AGENT_NOT_FOUND (404 instead of 500)", async () => {
    const message = "No agent found with the name nobody";
    expect(await ask(bodyOf(hello, "nobody"))).toEqual(failed(404, "AGENT_NOT_FOUND", message));
  });

  test("no name lets the message be routed (instead of 400)", async () => {
    expect((await ask(bodyOf(hello))).status).toBe(200);
  });
});

describe("GraphQL", () => {
  const document = `subscription($request: AgentRequestInput!) { agent(request: $request) {
    status responseTime messages { role content turnId } anonymizationEntities { type } context { key } } }`;

  async function subscribe(content: string, systemContext: readonly object[]) {
    using caller = await GraphqlCaller.open(running.url);
    caller.send({ type: "connection_init" });
    const request = {
      messages: [{ role: "user", content, format: "text" }],
      conversationContext: { conversationId: "g", turnId: "turn-7" },
      systemContext,
      userContext: { userId: "u1", profile: [] },
    };
    caller.send({ type: "subscribe", id: "s", payload: { query: document, variables: { request } } });
    const frames = [];
    for (;;) {
      const frame = await caller.next();
      frames.push(frame);
      if (frame["type"] === "complete" || frame["type"] === "error") return frames;
    }
  }

  const web = [
    { key: "tenantId", value: "acme" },
    { key: "channelId", value: "web" },
  ];

  test("an answer is one AgentResult with the request's turn id", async () => {
    const results = (await subscribe("agent-0", web)).filter(({ type }) => type === "next");
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({
      payload: { data: { agent: { messages: [{ role: "assistant", turnId: "turn-7" }] } } },
    });
  });

  test("a failure surfaces as the error of the stream", async () => {
    const unknown = [
      { key: "tenantId", value: "unknown" },
      { key: "channelId", value: "web" },
    ];
    expect((await subscribe("hello", unknown)).at(-1)).toMatchObject({ type: "error" });
  });

  test("without tenant or channel there is an error", async () => {
    expect((await subscribe("hello", [])).at(-1)).toMatchObject({ type: "error" });
  });
});

describe("the file of routings", () => {
  const entry = (tenant: string, channel: string, subset: string | undefined) => ({
    metadata: { name: `${tenant}-${channel}`, labels: { tenant, channel, ...(subset && { subset }) } },
    spec: {
      capabilityGroups: [
        {
          name: `${tenant}-${subset ?? "stable"}`,
          capabilities: [{ name: "c", providedVersion: "1.0.0", host: `127.0.0.1:${agent.port}` }],
        },
      ],
    },
  });
  let folder: string;
  let path: string;
  let filed: RunningRuntime;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lmos-file-"));
    path = join(folder, "routings.yaml");
    const channelRoutings = [entry("acme", "web", undefined), entry("other", "web", "beta")];
    writeFileSync(path, JSON.stringify({ channelRoutings }));
    filed = await startTestRuntime({ routings: { kind: "file", path } });
  });
  afterAll(async () => {
    await filed[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  const agents = async (query: string) => {
    const response = await fetch(`${filed.url}/apis/v1/agents?${query}`);
    return { status: response.status, body: (await response.json()) as unknown };
  };

  test("is searched by tenant, channel and subset; no subset means stable", async () => {
    expect(await agents("tenantId=acme&channelId=web")).toMatchObject({
      status: 200,
      body: { subset: "stable", agents: [{ name: "acme-stable" }] },
    });
  });

  test("finds another tenant's beta", async () => {
    expect(await agents("tenantId=other&channelId=web&subset=beta")).toMatchObject({
      body: { agents: [{ name: "other-beta" }] },
    });
  });

  test.each([
    "tenantId=nobody&channelId=web",
    "tenantId=acme&channelId=web&subset=beta",
    "tenantId=other&channelId=web",
  ])("has no routing for %s", async (query) => {
    expect(await agents(query)).toMatchObject({ status: 404, body: { errorCode: "AGENT_NOT_FOUND" } });
  });

  test.each([
    { name: "missing", text: undefined, says: "cannot be read" },
    { name: "malformed", text: "channelRoutings: [", says: "no YAML" },
    { name: "empty", text: "", says: "empty" },
  ])("that is $name ends the start with its own text", async ({ name, text, says }) => {
    const wrong = join(folder, `${name}.yaml`);
    if (text !== undefined) writeFileSync(wrong, text);
    const failure = await startTestRuntime({ routings: { kind: "file", path: wrong } }).catch(
      (error: unknown) => error,
    );
    expect(isRuntimeError(failure, "InvalidRoutings")).toBe(true);
    expect(String(failure)).toContain(says);
  });

  test("with an empty list loads, and never matches", async () => {
    const empty = join(folder, "none.yaml");
    writeFileSync(empty, "channelRoutings: []");
    await using none = await startTestRuntime({ routings: { kind: "file", path: empty } });
    expect((await ask(bodyOf(hello), { url: none.url })).status).toBe(404);
  });
});
