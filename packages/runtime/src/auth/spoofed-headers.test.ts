/** Row S3: headers that only a proxy may set, in every spelling, at every door: none has an effect for who proves who they are. */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { createFakeAuthenticator } from "../testing/fake-authenticator.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";
import { stripHeaders } from "./access.ts";

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  const objects = ["acme", "globex"].flatMap((tenant) =>
    ["stable", "canary"].map((subset) => routingOf([{ name: "agent-0", host }], { tenant, subset })),
  );
  const limits = { userTurnsPerSecond: 1_000_000 }; // Alice sends more than a user may
  running = await startTestRuntime({ objects, limits, authenticator: createFakeAuthenticator() });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

const bearer = (name: string): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${name}.token`,
});

/** Turns that the agent was asked since then: over which subset's socket, and what it was told. */
function askedSince(count: number) {
  return agent.seen
    .slice(count)
    .filter(({ frame }) => frame?.["type"] === "subscribe")
    .map(({ subset, frame }) => ({ subset, text: JSON.stringify(frame) }));
}

interface Sent {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends headers as they are written, which `fetch` would tidy, with Alice's token. */
function send(
  { method, path, headers: own = [], body = "" }: Sent,
  headers: readonly string[],
): Promise<Answer> {
  const usual = ["content-type", "application/json", "content-length", String(Buffer.byteLength(body))];
  const all = [...usual, ...own, ...headers, "authorization", "Bearer alice.token", "host", "localhost"];
  const { port } = new URL(running.url);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const sent = request({ port, host: "127.0.0.1", method, path, headers: all }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}

const spellings = (name: string): readonly string[] => [
  name,
  name.toUpperCase(),
  name.replace(/\b\w/g, (letter) => letter.toUpperCase()),
  name.replaceAll("-", "_"),
  name.replace("-", "_"),
];
const values: Readonly<Record<string, string>> = {
  "x-subset": "canary",
  "x-namespace": "other",
  "x-tenant": "globex",
  "x-forwarded-host": "evil.example",
  "x-forwarded-for": "10.0.0.1",
  "x-forwarded-proto": "https",
  "x-forwarded-prefix": "/globex",
  forwarded: "host=evil.example",
};
const single = Object.entries(values).flatMap(([name, value]) =>
  [...new Set(spellings(name))].map((spelling) => [spelling, value]),
);
const forms: readonly (readonly string[])[] = [
  ...single,
  ["x-subset", "canary", "x-subset", "canary"],
  ["X-Subset", "canary", "x-subset", "stable"],
  ["x-subset", "canary   "],
  ["x-subset", "\tcanary"],
  ["x-subset", "canary, stable"],
  ["x-subset", "canary", "connection", "x-subset"],
  Object.entries(values).flat(),
];
const spoofed = /evil|globex|canary|10\.0\.0\.1/;

const graphqlRequest = (text: string) => ({
  conversationContext: { conversationId: "graphql" },
  userContext: { userId: "u1", profile: [] },
  systemContext: [
    { key: "tenantId", value: "acme" },
    { key: "channelId", value: "web" },
  ],
  messages: [{ role: "user", content: text, format: "text" }],
});
const subscription =
  "subscription($request: AgentRequestInput!) { agent(request: $request) { messages { content } } }";
const rpc = (method: string, params: unknown): string =>
  JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
const a2aMessage = { message: { messageId: "m1", role: "user", parts: [{ text: "agent 0 capability" }] } };
const turnHeaders = ["x-turn-id", "t1"];

describe("S3 a turn goes where it would without them", () => {
  const doors: readonly (Sent & { readonly name: string })[] = [
    ...["/apis/v1", "/lmos/runtime/apis/v1"].flatMap((base) => {
      const path = `${base}/acme/chat/c1/message`;
      const turn = { method: "POST", path, body: messageBody("hello") } as const;
      return [
        { ...turn, name: `${base}, as JSON`, headers: turnHeaders },
        { ...turn, name: `${base}, as a stream`, headers: [...turnHeaders, "accept", "text/event-stream"] },
      ];
    }),
    { name: "A2A, at once", method: "POST", path: "/a2a/acme/web", body: rpc("message/send", a2aMessage) },
    {
      name: "A2A, as a stream",
      method: "POST",
      path: "/a2a/acme/web",
      body: rpc("message/stream", a2aMessage),
    },
  ];
  test.each(doors)("through $name", async (door) => {
    const wrong: unknown[] = [];
    for (const headers of forms) {
      const before = agent.seen.length;
      const { status } = await send(door, headers);
      const asked = askedSince(before);
      const isAsUsual =
        asked.length === 1 &&
        asked.every(({ subset, text }) => subset === "stable" && !spoofed.test(text)) &&
        asked.every(({ text }) => text.includes('{"key":"tenantId","value":"acme"}'));
      if (status !== 200 || !isAsUsual) wrong.push({ headers, status, asked });
    }
    expect(wrong).toEqual([]);
  });

  test("through a socket of GraphQL that is opened with them", async () => {
    for (const [name = "", value = ""] of single) {
      const before = agent.seen.length;
      using caller = await GraphqlCaller.acknowledged(running.url, [], { ...bearer("alice"), [name]: value });
      const request = graphqlRequest("agent 0 capability");
      caller.send({ type: "subscribe", id: "1", payload: { query: subscription, variables: { request } } });
      expect(await caller.next()).toMatchObject({ type: "next" });
      const [asked] = askedSince(before);
      expect([name, asked?.subset]).toEqual([name, "stable"]);
      expect(asked?.text).not.toMatch(spoofed);
    }
  });
});

describe("S3 a door without turns answers as it would without them", () => {
  const doors: readonly Sent[] = [
    ...["/apis/v1", "/lmos/runtime/apis/v1"].flatMap((base) =>
      [
        `${base}/agents?tenantId=acme&channelId=web`,
        `${base}/agents/acme/web`,
        `${base}/tenants/acme/channels`,
        `${base}/tenants/acme/channels/web`,
        `${base}/tenants/acme/channels/web/routing`,
      ].map((path) => ({ method: "GET", path }) as const),
    ),
    { method: "GET", path: "/a2a/acme/web/.well-known/agent-card.json" },
    { method: "GET", path: "/openapi.json" },
    { method: "POST", path: "/graphql", body: JSON.stringify({ query: "{ agent { names } }" }) },
    {
      method: "POST",
      path: "/apis/v1/globex/chat/c1/message",
      headers: turnHeaders,
      body: messageBody("hello"),
    },
  ];
  test.each(doors)("$method $path", async (door) => {
    const usual = await send(door, []);
    const others: unknown[] = [];
    for (const headers of forms) {
      const { status, body } = await send(door, headers);
      if (status !== usual.status || body !== usual.body) others.push({ headers, status, body });
    }
    expect(others).toEqual([]);
  });
});

test("the matrix has 40 forms at least", () => {
  expect(forms.length).toBeGreaterThanOrEqual(40);
});

describe("S3 a subset is for those whose token says so", () => {
  test("in the header", async () => {
    const before = agent.seen.length;
    const headers = { ...bearer("tester"), "x-subset": "canary" };
    await postMessage(running, messageBody("hello"), { headers, conversation: "of-the-tester" });
    expect(askedSince(before).map(({ subset }) => subset)).toEqual(["canary"]);
  });

  test("in the query of a list, too", async () => {
    const url = `${running.url}/apis/v1/agents?tenantId=acme&channelId=web&subset=canary`;
    const asAlice = await (await fetch(url, { headers: bearer("alice") })).json();
    const asTester = await (await fetch(url, { headers: bearer("tester") })).json();
    expect([asAlice, asTester]).toMatchObject([{ subset: "stable" }, { subset: "canary" }]);
  });
});

test("what is taken off is exactly that", () => {
  const headers = {
    "x-subset": "a",
    "x-turn-id": "t",
    "x-forwarded-host": "h",
    "x-subset-2": "b",
    forwarded: "f",
  };
  stripHeaders(headers, undefined);
  expect(headers).toEqual({ "x-turn-id": "t", "x-subset-2": "b" });
});
