/** GraphQL over HTTP and over WebSockets, on a real runtime with a real socket to an agent. */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { arcSchema } from "@lmos/protocol";
import { buildClientSchema, getIntrospectionQuery, printSchema } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, type Seen, startFakeAgent } from "../testing/fake-agent.ts";
import { createFakeAuthenticator } from "../testing/fake-authenticator.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

const orderExamples = [
  "where is my order",
  "track my parcel",
  "when will my package arrive",
  "has my order been shipped yet",
];
const document = `subscription ($request: AgentRequestInput!) {
  agent(request: $request) {
    status responseTime type
    messages { role content format turnId }
    anonymizationEntities { type value replacement } context { key value } toolCalls { name arguments }
  }
}`;
const systemContext = [
  { key: "tenantId", value: "acme" },
  { key: "channelId", value: "web" },
  { key: "color", value: "blue" },
];

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  running = await startTestRuntime({
    objects: [
      routingOf([
        { name: "agent-0", host, examples: orderExamples },
        {
          name: "agent-1",
          host,
          examples: ["why is my bill so high", "send me my invoice", "what do I have to pay"],
        },
      ]),
    ],
  });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

function requestOf(content: string, overrides: object = {}): object {
  return {
    messages: [{ role: "user", content, format: "text" }],
    conversationContext: { conversationId: "c1", turnId: "t7" },
    systemContext,
    userContext: { userId: "u1", profile: [{ key: "language", value: "en" }] },
    ...overrides,
  };
}

function subscribeFrame(request: object, id = "1"): object {
  return { type: "subscribe", id, payload: { query: document, variables: { request } } };
}

function resultOf(content: string, turnId: string | null = "t7"): object {
  const message = { role: "assistant", content, format: "text", turnId };
  const rest = { status: null, type: null, anonymizationEntities: null, context: null, toolCalls: null };
  return { data: { agent: { responseTime: -1, messages: [message], ...rest } } };
}

async function query(body: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${running.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

function isCancel({ kind, frame }: Seen): boolean {
  return kind === "close" || frame?.["type"] === "complete";
}

describe("GraphQL over HTTP", () => {
  test("names the runtime as the one agent there is", async () => {
    const expected = { data: { agent: { names: ["lmos-runtime"] } } };
    expect(await query({ query: "{ agent { names } }" })).toEqual({ status: 200, body: expected });
    const response = await fetch(`${running.url}/graphql?query=${encodeURIComponent("{ agent { names } }")}`);
    expect(await response.json()).toEqual(expected);
  });

  test("can be introspected, and serves the same schema as text", async () => {
    const { body } = await query({ query: getIntrospectionQuery() });
    const schema = printSchema(buildClientSchema((body as { data: never }).data));
    expect(schema).toContain("agent(agentName: String, request: AgentRequestInput!): AgentResult!");
    expect(await (await fetch(`${running.url}/sdl`)).text()).toBe(arcSchema);
  });

  test("answers what GraphQL refuses with errors, and what is none with a problem", async () => {
    const refused = await query({ query: "{ agent { age } }" });
    expect(refused).toMatchObject({ status: 200, body: { errors: [{ message: /age/ }] } });
    expect(await query({ query: document, variables: { request: requestOf("hi") } })).toMatchObject({
      status: 200,
      body: { data: {} },
    });
    expect(await query({ query: null })).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    const notJson = await fetch(`${running.url}/graphql?query={agent{names}}&variables={`);
    expect(notJson.status).toBe(400);
  });
});

describe("a request of GraphQL over HTTP", () => {
  const names = { data: { agent: { names: ["lmos-runtime"] } } };
  const json = JSON.stringify({ query: "{ agent { names } }" });
  const forms: readonly {
    readonly name: string;
    readonly type?: string;
    readonly body: string;
    readonly path?: string;
    readonly answer?: unknown;
  }[] = [
    { name: "is JSON", type: "application/json", body: json },
    { name: "is JSON of a kind", type: "application/vnd.lmos+json", body: json },
    { name: "is a batch of none", type: "application/json", body: "[]", answer: [] },
    { name: "is the query itself", type: "application/graphql", body: "{ agent { names } }" },
    { name: "has its query in the address", path: "?query=%7Bagent%7Bnames%7D%7D", body: "" },
    {
      name: "has members that are null",
      type: "application/json",
      body: '{"query":"{agent{names}}","variables":null,"operationName":null}',
    },
    {
      name: "has members that nobody knows",
      type: "application/json",
      body: '{"query":"{agent{names}}","extensions":{"a":1},"id":"x"}',
    },
    { name: "is a batch", type: "application/json", body: `[${json},${json}]`, answer: [names, names] },
    {
      name: "is a batch with a fault in it",
      type: "application/json",
      body: `[${json},{"query":"{ nothing }"}]`,
      answer: [
        names,
        {
          errors: [
            {
              message:
                "Validation error (FieldUndefined@[nothing]) : Field 'nothing' in type 'Query' is undefined",
              locations: [{ line: 1, column: 3 }],
              extensions: {},
            },
          ],
        },
      ],
    },
  ];
  test.each(forms)("is answered when it $name", async ({ type, body, path = "", answer = names }) => {
    const response = await fetch(`${running.url}/graphql${path}`, {
      method: "POST",
      ...(type !== undefined && { headers: { "content-type": type } }),
      body: Buffer.from(body),
    });
    expect([response.status, response.headers.get("content-type"), await response.json()]).toEqual([
      200,
      "application/json",
      answer,
    ]);
  });

  test.each([
    { name: "no JSON", type: "application/json", body: "{" },
    { name: "no JSON and no type", body: "{" },
    { name: "text", type: "text/plain", body: json },
    { name: "nothing", type: "application/json", body: "" },
    { name: "JSON without saying so", body: json },
    { name: "JSON of GraphQL's own kind", type: "application/graphql+json", body: json },
    { name: "of a type that is none", type: "nope", body: json },
    { name: "null for a query", type: "application/json", body: '{"query":null}' },
    {
      name: "variables that are text",
      type: "application/json",
      body: '{"query":"{agent{names}}","variables":"{}"}',
    },
    {
      name: "a large batch",
      type: "application/json",
      body: `[${Array.from({ length: 11 }, () => json).join(",")}]`,
    },
  ])("is 400 when it is $name", async ({ type, body }) => {
    const response = await fetch(`${running.url}/graphql`, {
      method: "POST",
      ...(type !== undefined && { headers: { "content-type": type } }),
      body: Buffer.from(body),
    });
    expect(response.status).toBe(400);
  });
});

describe("GraphQL over a WebSocket", () => {
  test.each([[[]], [["graphql-transport-ws"]]])("answers with sub-protocols %j", async (subprotocols) => {
    using caller = await GraphqlCaller.acknowledged(running.url, subprotocols);
    caller.send(subscribeFrame(requestOf("where is my order")));
    expect(await caller.next()).toEqual({
      type: "next",
      id: "1",
      payload: resultOf("agent-0: where is my order"),
    });
    expect(await caller.next()).toEqual({ type: "complete", id: "1" });
  });

  test("tells the agent user, profile, tenant and channel, with the client's other context", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.send(subscribeFrame(requestOf("track my parcel please")));
    await caller.next();
    const { frame } = await agent.whenSeen((seen) => JSON.stringify(seen).includes("track my parcel please"));
    expect(frame).toMatchObject({
      payload: {
        variables: {
          request: {
            systemContext: expect.arrayContaining(systemContext),
            userContext: { userId: "u1", profile: [{ key: "language", value: "en" }] },
          },
        },
      },
    });
  });

  test("gives a turn without an id the Kotlin runtime's word for it", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.send(
      subscribeFrame(requestOf("where is my order", { conversationContext: { conversationId: "c2" } })),
    );
    expect(await caller.next()).toMatchObject({
      payload: resultOf("agent-0: where is my order", null),
    });
  });

  const refusals: readonly { readonly name: string; readonly request: object; readonly error: object }[] = [
    {
      name: "no tenant",
      request: requestOf("hi", { systemContext: [{ key: "channelId", value: "web" }] }),
      error: { message: "missing tenantId in systemContext" },
    },
    {
      name: "no channel",
      request: requestOf("hi", { systemContext: [{ key: "tenantId", value: "acme" }] }),
      error: { message: "missing channelId in systemContext" },
    },
    { name: "no user", request: requestOf("hi", { userContext: {} }), error: { message: "missing user id" } },
    {
      name: "an unknown channel",
      request: requestOf("hi", {
        systemContext: [
          { key: "tenantId", value: "acme" },
          { key: "channelId", value: "fax" },
        ],
      }),
      error: {
        message: "No routing info found operator for tenant: acme, channel: fax",
        extensions: { code: "no_routing" },
      },
    },
    {
      name: "an agent's error",
      request: requestOf("!error where is my order"),
      error: { extensions: { code: "agent_error", retryable: false } },
    },
  ];
  test.each(refusals)("answers $name with an error frame", async ({ request, error }) => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.send(subscribeFrame(request));
    expect(await caller.next()).toMatchObject({ type: "error", id: "1", payload: [error] });
  });

  test("cancels the agent when the client completes, and goes on with the socket", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.send(subscribeFrame(requestOf("!hang where is my order now")));
    await agent.whenSeen((seen) => JSON.stringify(seen).includes("!hang where is my order now"));
    const before = agent.seen.length;
    caller.send({ type: "complete", id: "1" });
    await agent.whenSeen((seen) => agent.seen.indexOf(seen) >= before && isCancel(seen));
    caller.send(subscribeFrame(requestOf("where is my order"), "2"));
    expect(await caller.next()).toMatchObject({ type: "next", id: "2" });
  });

  test("closes with the sub-protocol's codes", async () => {
    using early = await GraphqlCaller.open(running.url);
    early.send(subscribeFrame(requestOf("hi")));
    expect(await early.closed()).toBe(4401);
    using twice = await GraphqlCaller.acknowledged(running.url);
    twice.send({ type: "connection_init" });
    expect(await twice.closed()).toBe(4429);
  });

  test("is refused elsewhere", async () => {
    await expect(GraphqlCaller.open(`${running.url}/elsewhere`)).rejects.toThrow("404");
  });

  test.each([
    { offered: ["graphql-transport-ws"], chosen: "graphql-transport-ws" },
    { offered: ["graphql-ws", "graphql-transport-ws"], chosen: "graphql-transport-ws" },
    { offered: ["graphql-ws"], chosen: undefined },
    { offered: ["soap"], chosen: undefined },
    { offered: [], chosen: undefined },
  ])("is opened for who offers $offered, naming $chosen", async ({ offered, chosen }) => {
    const protocols = offered.length === 0 ? {} : { "sec-websocket-protocol": offered.join(", ") };
    const asked = get(`${running.url}/subscriptions`, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version": "13",
        ...protocols,
      },
    });
    const [response, socket] = (await once(asked, "upgrade")) as [IncomingMessage, Socket];
    expect([response.statusCode, response.headers["sec-websocket-protocol"]]).toEqual([101, chosen]);
    socket.destroy();
  });

  test("leaves a request that only offers an upgrade to h2c alone", async () => {
    const asked = get(`${running.url}/sdl`, { headers: { connection: "Upgrade", upgrade: "h2c" } });
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    response.resume();
  });
});

test("sockets are closed with 1001 when the runtime stops", async () => {
  const own = await startTestRuntime({ objects: [] });
  using caller = await GraphqlCaller.acknowledged(own.url);
  await own[Symbol.asyncDispose]();
  expect(await caller.closed()).toBe(1001);
});

describe("S3 the tenant of a request that names none", () => {
  const withoutTenant = requestOf("where is my order", { systemContext: systemContext.slice(1) });

  test("is what a proxy says of its socket, where users don't prove who they are", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url, [], { "x-tenant": "acme" });
    caller.send(subscribeFrame(withoutTenant));
    expect(await caller.next()).toMatchObject({
      type: "next",
      payload: resultOf("agent-0: where is my order"),
    });
  });

  test("is the one that it names, whatever a proxy says", async () => {
    using caller = await GraphqlCaller.acknowledged(running.url, [], { "x-tenant": "nobody" });
    caller.send(subscribeFrame(requestOf("where is my order")));
    expect(await caller.next()).toMatchObject({ type: "next" });
  });

  test.each([
    { name: "either", headers: {} },
    { name: "anything but a blank", headers: { "x-tenant": "" } },
  ])("is missing without $name", async ({ headers }) => {
    using caller = await GraphqlCaller.acknowledged(running.url, [], headers);
    caller.send(subscribeFrame(withoutTenant));
    expect(await caller.next()).toMatchObject({
      type: "error",
      payload: [{ message: "missing tenantId in systemContext" }],
    });
  });

  test("is no proxy's to say where users prove who they are", async () => {
    const objects = [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])];
    await using guarded = await startTestRuntime({ objects, authenticator: createFakeAuthenticator() });
    const headers = { authorization: "Bearer alice.token", "x-tenant": "acme" };
    using caller = await GraphqlCaller.acknowledged(guarded.url, [], headers);
    caller.send(subscribeFrame(withoutTenant));
    expect(await caller.next()).toMatchObject({ type: "error" });
  });
});

test("a caller that reads nothing does not keep the runtime from stopping", async () => {
  const objects = [
    routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}`, examples: orderExamples }]),
  ];
  const stopping = await startTestRuntime({ objects, limits: { drainMs: 20 } });
  using caller = await GraphqlCaller.acknowledged(stopping.url);
  caller.socket.pause();
  const many = Array.from({ length: 8 }, (_, index) => `${index}`);
  for (const id of many) {
    const request = requestOf("!pieces where is my order", { conversationContext: { conversationId: id } });
    caller.send(subscribeFrame(request, id));
  }
  const asked = (): number =>
    agent.seen.filter(({ frame }) => JSON.stringify(frame ?? {}).includes("!pieces")).length;
  await expect.poll(asked, { timeout: 10_000 }).toBe(many.length);
  const startedAt = performance.now();
  await stopping[Symbol.asyncDispose]();
  expect(performance.now() - startedAt).toBeLessThan(8000);
});
