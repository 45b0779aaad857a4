import { silentLogger } from "@lmos/primitives";
import { arcSchema } from "@lmos/protocol";
import { FakeClock, SequentialIds } from "@lmos/testing";
import { getIntrospectionQuery } from "graphql";
import { afterEach, describe, expect, it } from "vitest";
import { type AgentServer, startAgentServer } from "./agent-server.ts";
import { defineAgent } from "./define-agent.ts";
import { httpAnswer, TestCaller, upgradeAnswer } from "./test-caller.ts";

const agent = defineAgent({
  name: "echo-agent",
  description: "Repeats.",
  capabilities: [{ name: "echo", version: "1.0.0", description: "Repeats", examples: ["say it again"] }],
  supportedChannels: ["web"],
  respond: ({ message }) => message,
});

let server: AgentServer | undefined;
afterEach(() => server?.stop());

async function start(clock = new FakeClock()): Promise<{ readonly port: number; readonly url: string }> {
  server = await startAgentServer({
    agents: [agent],
    host: "127.0.0.1",
    port: 0,
    clock,
    ids: new SequentialIds(),
    logger: silentLogger,
    timeoutMs: 5_000,
    drainTimeoutMs: 1_000,
  });
  return { port: server.port, url: `http://127.0.0.1:${server.port}` };
}

function post(url: string, body: unknown): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: text,
  });
}

describe("POST /graphql", () => {
  it.each([
    { type: "application/json; charset=utf-8", status: 200 },
    { type: 'application/json;charset="UTF-8"', status: 200 },
    { type: "application/json; charset=iso-8859-1", status: 415 },
    { type: "application/json; charset=utf-16", status: 415 },
  ])("answers a body of $type with $status", async ({ type, status }) => {
    const { url } = await start();
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": type },
      body: JSON.stringify({ query: "{ agent { names } }" }),
    });
    expect(response.status).toBe(status);
    const other = {
      error: "The body is in other characters than UTF-8: send Content-Type: application/json",
    };
    expect(await response.json()).toEqual(
      status === 200 ? { data: { agent: { names: ["echo-agent"] } } } : other,
    );
  });

  it("names the agents", async () => {
    const { url } = await start();
    const response = await post(url, { query: "query { agent { names } }", variables: null });
    expect(await response.json()).toEqual({ data: { agent: { names: ["echo-agent"] } } });
  });

  it("is introspected, with the type names of ARC", async () => {
    const { url } = await start();
    const response = await post(url, { query: getIntrospectionQuery() });
    const text = await response.text();
    for (const name of [
      "AgentRequestInput",
      "MessageInput",
      "ConversationContextInput",
      "SystemContextEntryInput",
    ]) {
      expect(text).toContain(`"name":"${name}"`);
    }
  });

  it.each([
    { name: "an unknown field", body: { query: "{ nope }" } },
    { name: "a syntax error", body: { query: "{" } },
    {
      name: "several operations without a name",
      body: { query: "query a{agent{names}} query b{agent{names}}" },
    },
    { name: "a document of too many tokens", body: { query: `{agent{${"names ".repeat(5_000)}}}` } },
  ])("answers 200 with errors to $name", async ({ body }) => {
    const { url } = await start();
    const response = await post(url, body);
    const errors = [{ message: expect.any(String) }];
    expect([response.status, await response.json()]).toMatchObject([200, { errors }]);
  });

  it("answers 200 without data to a subscription, as ARC does", async () => {
    const { url } = await start();
    const query =
      'subscription { agent(request: {messages: [], conversationContext: {conversationId: "1"}}) { type } }';
    expect(await (await post(url, { query })).json()).toEqual({ data: {} });
  });

  it.each([
    { name: "null for a query", body: { query: null }, status: 400 },
    { name: "no query, as its document is empty", body: {}, status: 200 },
    { name: "no JSON", body: "{", status: 400 },
    { name: "a list of what are none", body: [{ query: "{agent{names}}" }, null], status: 400 },
    {
      name: "more than ten at once",
      body: Array.from({ length: 11 }, () => ({ query: "{agent{names}}" })),
      status: 400,
    },
    { name: "variables that are text", body: { query: "{agent{names}}", variables: "{}" }, status: 400 },
    { name: "a body above 1 MiB", body: { query: "x".repeat(1_100_000) }, status: 413 },
  ])("answers $status to $name", async ({ body, status }) => {
    const { url } = await start();
    expect((await post(url, body)).status).toBe(status);
  });

  const names = { data: { agent: { names: ["echo-agent"] } } };
  it.each([
    { name: "none", body: [], answers: [] },
    { name: "one", body: [{ query: "{agent{names}}" }], answers: [names] },
    {
      name: "several, one of them wrong",
      body: [{ query: "{agent{names}}" }, { query: "{nope}" }, { query: "{agent{names}}" }],
      answers: [names, { errors: [{ message: expect.stringContaining("FieldUndefined@[nope]") }] }, names],
    },
    {
      name: "ten",
      body: Array.from({ length: 10 }, () => ({ query: "{agent{names}}" })),
      answers: Array(10).fill(names),
    },
  ])("answers a list of requests with the list of their answers: $name", async ({ body, answers }) => {
    const { url } = await start();
    const response = await post(url, body);
    expect([response.status, await response.json()]).toMatchObject([200, answers]);
  });

  it.each([
    { name: "a request", body: { query: null }, says: /at query$/ },
    {
      name: "a request of a list",
      body: [{ query: "{agent{names}}" }, { query: null }],
      says: /at \[1\]\.query$/,
    },
  ])("says what is wrong with $name, and where", async ({ body, says }) => {
    const { url } = await start();
    const answer = await (await post(url, body)).json();
    expect(answer).toEqual({ errors: [{ message: expect.stringMatching(says) }] });
  });

  it("ignores members with names of JavaScript", async () => {
    const { url } = await start();
    const response = await post(url, '{"query":"{agent{names}}","__proto__":{"a":1}}');
    expect(await response.json()).toEqual({ data: { agent: { names: ["echo-agent"] } } });
  });
});

describe("GET", () => {
  it("/graphql runs a query of its address", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/graphql?query=${encodeURIComponent("{agent{names}}")}&variables={}`);
    expect(await response.json()).toEqual({ data: { agent: { names: ["echo-agent"] } } });
    expect((await fetch(`${url}/graphql`)).status).toBe(400);
  });

  it("/sdl tells the schema", async () => {
    const { url } = await start();
    const response = await fetch(`${url}/sdl`);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await response.text()).toBe(arcSchema);
  });
});

describe("unknown paths", () => {
  it("are 404 with a JSON body, for upgrades too", async () => {
    const { url, port } = await start();
    const response = await fetch(`${url}/nope?x=1`);
    expect([response.status, await response.json()]).toEqual([404, { error: "There is no GET /nope here" }]);
    expect(await upgradeAnswer(port, "/nope")).toMatch(/^HTTP\/1.1 404 Not Found/);
  });
});

describe("an offer to upgrade to h2c, as Java's HTTP client makes it", () => {
  it("is passed over and the request answered", async () => {
    const { port } = await start();
    const answer = await httpAnswer(port, [
      "GET /.well-known/capabilities.json HTTP/1.1",
      "Host: localhost",
      "Connection: Upgrade, HTTP2-Settings",
      "Upgrade: h2c",
      "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
    ]);
    expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
  });
});

describe("a socket", () => {
  it("is closed with 4408 when no handshake comes", async () => {
    const clock = new FakeClock();
    const { port } = await start(clock);
    using caller = await TestCaller.open({ port });
    await clock.advance(10_000);
    expect((await caller.closed()).code).toBe(4408);
  });

  it("is pinged every 20 s and stays while its caller answers", async () => {
    const clock = new FakeClock();
    const { port } = await start(clock);
    using caller = await TestCaller.acknowledged({ port });
    for (let count = 0; count < 3; count++) {
      const pinged = new Promise((resolve) => caller.socket.once("ping", resolve));
      await clock.advance(20_000);
      await pinged;
      caller.send({ type: "ping" }); // its pong comes after the pong frame of the WebSocket
      expect(await caller.next()).toEqual({ type: "pong" });
    }
  });

  it("is dropped when its caller answers no ping", async () => {
    const clock = new FakeClock();
    const { port } = await start(clock);
    using caller = await TestCaller.acknowledged({ port });
    caller.socket.pause();
    await clock.advance(40_000);
    caller.socket.resume();
    expect((await caller.closed()).code).toBe(1006);
  });

  it.each([
    { name: "a binary frame", frame: Buffer.from([1, 2, 3]), code: 4400 },
    { name: "a frame above 256 KiB", frame: "x".repeat(300_000), code: 1009 },
  ])("is closed with $code for $name", async ({ frame, code }) => {
    const { port } = await start();
    using caller = await TestCaller.acknowledged({ port });
    caller.socket.send(frame);
    expect((await caller.closed()).code).toBe(code);
  });

  it("runs several operations side by side", async () => {
    const { port } = await start();
    using caller = await TestCaller.acknowledged({ port });
    const query =
      'subscription($c: String!){agent(request:{messages:[{role:"user",content:$c}],conversationContext:{conversationId:"1"}}){messages{content}}}';
    const ids = ["a", "b", "c"];
    for (const id of ids) caller.subscribe(id, query, { c: id });
    const frames = [...(await caller.untilEnd()), ...(await caller.untilEnd()), ...(await caller.untilEnd())];
    expect(
      frames
        .filter(({ type }) => type === "complete")
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
  });
});
