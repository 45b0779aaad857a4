/** Rows S3, S4, S8 and S9 at the doors of a running runtime: who enters, as whom, and what of it agents get to see. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { createFakeAuthenticator, fakeTokens } from "../testing/fake-authenticator.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";
import { hasTokenInUrl } from "./access.ts";

let agent: FakeAgent;
let running: RunningRuntime;
const revoked = new Set<string>();

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  const objects = ["acme", "globex"].flatMap((tenant) =>
    ["stable", "canary"].map((subset) => routingOf([{ name: "agent-0", host }], { tenant, subset })),
  );
  running = await startTestRuntime({ objects, authenticator: createFakeAuthenticator(fakeTokens, revoked) });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

const as = (name: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${name}.token` });

/** The last turn that the agent was asked, and over which subset's socket. */
function lastAsked() {
  const seen = agent.seen.findLast(({ frame }) => frame?.["type"] === "subscribe");
  return { text: JSON.stringify(seen?.frame), subset: seen?.subset };
}

describe("without a token, no door opens", () => {
  const doors = ["/apis/v1", "/lmos/runtime/apis/v1"].flatMap((base) => [
    { method: "POST", path: `${base}/acme/chat/c1/message` },
    { method: "GET", path: `${base}/agents?tenantId=acme&channelId=web` },
    { method: "GET", path: `${base}/agents/acme/web` },
    { method: "GET", path: `${base}/tenants/acme/channels` },
    { method: "GET", path: `${base}/tenants/acme/channels/web` },
    { method: "GET", path: `${base}/tenants/acme/channels/web/routing` },
    { method: "PUT", path: `${base}/acme/chat/c1/message` },
    { method: "OPTIONS", path: `${base}/acme/chat/c1/message` },
  ]);
  const others = [
    { method: "POST", path: "/a2a/acme/web" },
    { method: "GET", path: "/a2a/acme/web/.well-known/agent-card.json" },
    { method: "POST", path: "/graphql" },
    { method: "GET", path: "/graphql?query=%7Bagent%7Bnames%7D%7D" },
    { method: "GET", path: "/nothing-here" },
    { method: "HEAD", path: "/apis/v1/agents/acme/web" },
  ];
  test.each([...doors, ...others])("$method $path", async ({ method, path }) => {
    const response = await fetch(running.url + path, { method });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  });

  test.each(["/openapi.json", "/sdl"])("but %s, which describes them", async (path) => {
    expect((await fetch(running.url + path)).status).toBe(200);
  });

  test("the refusal has the shape of the path's errors", async () => {
    const old = await postMessage(running, messageBody("hello"));
    expect(await old.json()).toEqual({
      errorCode: "UNAUTHORIZED",
      message: "A token is needed: send Authorization: Bearer and the token.",
    });
    const problem = await fetch(`${running.url}/graphql`);
    expect(await problem.json()).toMatchObject({ status: 401, code: "unauthorized" });
  });

  test("a token that does not count is told so, and not why", async () => {
    const response = await postMessage(running, messageBody("hello"), { headers: as("mallory") });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect(await response.json()).toMatchObject({ message: "The token is not valid here." });
  });
});

describe("S3 with a token for another tenant, no door opens", () => {
  test.each([
    { method: "POST", path: "/apis/v1/globex/chat/c1/message" },
    { method: "POST", path: "/apis/v1/%67lobex/chat/c1/message" },
    { method: "POST", path: "/apis/v1/acme%00/chat/c1/message" },
    { method: "POST", path: "/apis/v1/ACME/chat/c1/message" },
    { method: "POST", path: "/apis/v1/acme%20/chat/c1/message" },
    { method: "POST", path: "/apis/v1/nobody/chat/c1/message" },
    { method: "GET", path: "/apis/v1/agents?tenantId=globex&channelId=web" },
    { method: "GET", path: "/apis/v1/agents?tenantId=acme&tenantId=globex&channelId=web" },
    { method: "GET", path: "/apis/v1/agents?tenantId=globex&tenantId=acme&channelId=web" },
    { method: "GET", path: "/apis/v1/agents/globex/web" },
    { method: "GET", path: "/apis/v1/tenants/globex/channels" },
    { method: "GET", path: "/apis/v1/tenants/globex/channels/web/routing" },
    { method: "POST", path: "/a2a/globex/web" },
    { method: "GET", path: "/a2a/globex/web/.well-known/agent-card.json" },
  ])("$method $path", async ({ method, path }) => {
    const headers = { ...as("alice"), "content-type": "application/json", "x-turn-id": "t1" };
    const body = method === "POST" ? messageBody("hello") : null;
    const before = agent.seen.length;
    const response = await fetch(running.url + path, { method, headers, body });
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain("127.0.0.1");
    expect(agent.seen).toHaveLength(before);
  });
});

test("a user is told the agents of its tenant's channel, and not where they are", async () => {
  const response = await fetch(`${running.url}/apis/v1/agents/acme/web`, { headers: as("alice") });
  expect(await response.json()).toMatchObject([{ name: "agent-0", addresses: [] }]);
});

describe("S4 conversations belong to who began them", () => {
  const server = { "x-lmos-history": "server" };
  const say = (name: string, text: string, conversation: string) =>
    postMessage(running, messageBody(text), { headers: { ...as(name), ...server }, conversation });

  test("another subject begins anew under the same id", async () => {
    await say("alice", "alice-secret", "shared-id");
    await say("bob", "what was said?", "shared-id");
    expect(lastAsked().text).not.toContain("alice-secret");
    await say("alice", "and then?", "shared-id");
    expect(lastAsked().text).toContain("alice-secret");
  });

  test("whatever the body says that the user is called", async () => {
    await say("alice", "alice-word", "claimed");
    const body = messageBody("hello").replace('"u1"', '"alice"');
    await postMessage(running, body, { headers: { ...as("bob"), ...server }, conversation: "claimed" });
    const { text } = lastAsked();
    expect(text).not.toContain("alice-word");
    expect(text).toContain('"userId":"bob"');
  });

  test("a resumable stream is resumed by its subject alone, and another one's is as unknown", async () => {
    const stream = { accept: "text/event-stream", "x-lmos-resumable": "true" };
    const first = await postMessage(running, messageBody("hello"), {
      headers: { ...as("alice"), ...stream },
      conversation: "resumed",
    });
    await first.text();
    const resume = async (name: string, conversation: string) => {
      const headers = { ...as(name), ...stream, "last-event-id": "1" };
      const response = await postMessage(running, messageBody("hello"), { headers, conversation });
      return { status: response.status, body: await response.text() };
    };
    const byBob = await resume("bob", "resumed");
    expect(byBob).toEqual(await resume("bob", "never-begun"));
    expect(byBob.status).toBe(404);
    expect((await resume("alice", "resumed")).status).toBe(200);
  });

  test("an A2A task is found by its subject alone, and another one's is as unknown", async () => {
    const call = async (name: string, method: string, params: object) => {
      const headers = { ...as(name), "content-type": "application/json" };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      return (await fetch(`${running.url}/a2a/acme/web`, { method: "POST", headers, body })).text();
    };
    const message = { messageId: "m1", role: "user", parts: [{ text: "hello" }] };
    const streamed = await call("alice", "message/stream", { message });
    const id = /"taskId":"([^"]+)"/.exec(streamed)?.[1];
    expect(id).toBeDefined();
    expect(await call("bob", "tasks/get", { id })).toBe(await call("bob", "tasks/get", { id: "none" }));
    expect(await call("alice", "tasks/get", { id })).toContain(`"${id}"`);
  });

  test("finding nothing takes as long for another one's conversation as for none", async () => {
    await say("alice", "hello", "timed");
    const time = async (conversation: string): Promise<number> => {
      const startedAt = performance.now();
      await (await say("bob", "hello", conversation)).text();
      return performance.now() - startedAt;
    };
    const times = { others: [] as number[], unknown: [] as number[] };
    for (let pair = 0; pair < 60; pair++) {
      // Turn by turn, so that both see the same machine.
      times.others.push(await time("timed"));
      times.unknown.push(await time("never"));
    }
    // The fastest but one of forty: a busy machine can only add to what an answer takes by itself.
    const [others = 0, unknown = 0] = [times.others, times.unknown].map(
      (some) => some.slice(20).toSorted((one, other) => one - other)[1],
    );
    expect(Math.max(others, unknown) / Math.min(others, unknown)).toBeLessThan(3);
  });
});

describe("S9 the user's token stays here", () => {
  test("in the header and in the body's userToken: no agent gets it", async () => {
    const body = messageBody("hello").replace('"userId":"u1"', '"userId":"u1","userToken":"alice.token"');
    const response = await postMessage(running, body, { headers: as("alice") });
    expect(response.status).toBe(200);
    expect(JSON.stringify(agent.seen)).not.toContain(".token");
    expect(JSON.stringify(agent.seen)).not.toMatch(/authorization/i);
  });

  test.each([
    { name: "a message", body: messageBody("my token is alice.token") },
    {
      name: "the context of the channel",
      body: messageBody("hello").replace(
        '"channelId":"web"',
        '"channelId":"web","contextParams":[{"key":"auth","value":"Bearer alice.token"}]',
      ),
    },
    {
      name: "the profile",
      body: messageBody("hello").replace(
        '"userId":"u1"',
        '"userId":"u1","contextParams":[{"key":"t","value":"alice.token"}]',
      ),
    },
  ])("in $name: the turn is refused", async ({ body }) => {
    const before = agent.seen.length;
    const response = await postMessage(running, body, { headers: as("alice") });
    expect([response.status, agent.seen.length]).toEqual([400, before]);
    expect(await response.text()).not.toContain("alice.token");
  });

  test.each(["access_token", "token", "id_token", "jwt", "authorization", "ACCESS_TOKEN"])(
    "S8 in the address as %s: refused, with a good token in the header too",
    async (name) => {
      const response = await fetch(`${running.url}/apis/v1/agents/acme/web?x=1&${name}=alice.token`, {
        headers: as("alice"),
      });
      expect(response.status).toBe(400);
      expect(await response.text()).not.toContain("alice.token");
      expect(hasTokenInUrl(`/subscriptions?${name}=x`)).toBe(true);
    },
  );

  test.each(["/a?tokens=1", "/a?x=token", "/token", undefined])("%s is no address with a token", (url) => {
    expect(hasTokenInUrl(url)).toBe(false);
  });
});

const subscription = (tenant: string) => ({
  type: "subscribe",
  id: "1",
  payload: {
    query: "subscription($request: AgentRequestInput!) { agent(request: $request) { messages { content } } }",
    variables: {
      request: {
        conversationContext: { conversationId: "ws" },
        userContext: { userId: "u1", profile: [] },
        systemContext: [
          { key: "tenantId", value: tenant },
          { key: "channelId", value: "web" },
        ],
        messages: [{ role: "user", content: "agent 0 capability", format: "text" }],
      },
    },
  },
});

describe("sockets", () => {
  const init = (payload?: object) => ({ type: "connection_init", ...(payload && { payload }) });

  test("take the token with connection_init, and turns are that user's", async () => {
    using caller = await GraphqlCaller.open(running.url);
    caller.send(init({ authorization: "Bearer alice.token" }));
    expect(await caller.next()).toMatchObject({ type: "connection_ack" });
    caller.send(subscription("acme"));
    expect(await caller.next()).toMatchObject({ type: "next" });
    expect(lastAsked().text).toContain('"userId":"alice"');
  });

  test.each([
    { name: "no payload", payload: undefined },
    { name: "an empty payload", payload: {} },
    { name: "a token that is none", payload: { authorization: 1 } },
  ])("with $name are closed with 4401", async ({ payload }) => {
    using caller = await GraphqlCaller.open(running.url);
    caller.send(init(payload));
    expect(await caller.closed()).toBe(4401);
  });

  test("whose token does not count are closed when they ask for a turn", async () => {
    using caller = await GraphqlCaller.open(running.url);
    caller.send(init({ Authorization: "Bearer mallory.token" }));
    caller.send(subscription("acme"));
    expect(await caller.closed()).toBe(4401);
  });

  test("S1 get no turn of another tenant", async () => {
    using caller = await GraphqlCaller.open(running.url);
    caller.send(init({ authorization: "Bearer alice.token" }));
    await caller.next();
    caller.send(subscription("globex"));
    const frame = await caller.next();
    expect(JSON.stringify(frame)).toContain("The token is for another tenant.");
    expect(frame).toMatchObject({ type: "error" });
  });

  test("S8 ask anew for each turn, so a token that has died ends them", async () => {
    using caller = await GraphqlCaller.open(running.url);
    caller.send(init({ authorization: "Bearer bob.token" }));
    await caller.next();
    caller.send(subscription("acme"));
    expect(await caller.next()).toMatchObject({ type: "next" });
    revoked.add("bob.token");
    caller.send({ ...subscription("acme"), id: "2" });
    expect(await caller.closed()).toBe(4401);
    revoked.clear();
  });

  test("S8 with a token in their address are refused", async () => {
    const socket = new WebSocket(
      `${running.url.replace("http", "ws")}/subscriptions?access_token=alice.token`,
    );
    const message = await new Promise<string>((resolve) =>
      socket.on("error", (error) => resolve(error.message)),
    );
    expect(message).toContain("400");
  });
});
