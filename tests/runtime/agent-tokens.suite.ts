/**
 * Row S9 on real processes: the command `lmos runtime` with a real OpenID provider and keys for agents' tokens, an agent that
 * records all that it gets, and an agent of the SDK that asks for tokens. No user's token reaches an agent, and the token of
 * one agent opens no other.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type FakeAgent, startFakeAgent } from "../../packages/runtime/src/testing/fake-agent.ts";
import { GraphqlCaller } from "../../packages/runtime/src/testing/graphql-caller.ts";
import { newKey } from "../../packages/runtime/src/testing/key-files.ts";
import { type RealProvider, startRealProvider } from "../../packages/runtime/src/testing/real-provider.ts";
import { type CommandProcess, startCommand } from "./harness/command-process.ts";
import { routingObject } from "./harness/file-routing.ts";

const audience = "https://lmos.example";
const issuer = "https://runtime.example";
const folder = mkdtempSync(join(tmpdir(), "lmos-agent-tokens-"));
const routingsPath = join(folder, "routings.json");
let provider: RealProvider;
let recording: FakeAgent;
let guarded: { readonly port: number; end(): Promise<void> };
let runtime: CommandProcess;
let alice: string;
let bob: string;

beforeAll(async () => {
  provider = await startRealProvider({ alice: "acme", bob: "acme" });
  [alice, bob] = [await provider.token("alice", audience), await provider.token("bob", audience)];
  recording = await startFakeAgent();
  const keyPath = join(folder, "keys.pem");
  writeFileSync(keyPath, newKey() + newKey("P-256"), { mode: 0o600 });
  writeRoutings({ recording: recording.port });
  runtime = await startCommand(
    ...["--routings", routingsPath, "--limit", "totalMs=20000"],
    ...["--auth", "oidc", "--oidc-issuer", provider.issuer, "--oidc-audience", audience],
    ...["--agent-tokens", keyPath, "--agent-tokens-issuer", issuer, "--agent-tokens-required"],
  );
  guarded = await startGuarded();
  // The second name of the guarded agent is one that its tokens are not for.
  writeRoutings({ recording: recording.port, guarded: guarded.port, impostor: guarded.port });
  const isRouted = async (): Promise<void> => expect((await ask(alice, "guarded", "hello")).status).toBe(200);
  await vi.waitFor(isRouted, { timeout: 20_000, interval: 100 });
});

afterAll(async () => {
  await runtime?.[Symbol.asyncDispose]();
  await guarded?.end();
  await recording?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** What is said of an agent by those who do not name it. */
const question = "How much is my invoice?";
const examples: Readonly<Record<string, readonly string[]>> = {
  recording: [question, "Why is my invoice so high?"],
  guarded: ["Who am I?", "On whose behalf do you work?"],
  impostor: ["Tell me a joke", "Do you know a poem?"],
};

function writeRoutings(ports: Readonly<Record<string, number>>): void {
  const hosts = Object.entries(ports).map(([name, port]) => [name, `ws://127.0.0.1:${port}`]);
  const plain = routingObject({ agents: Object.fromEntries(hosts) });
  const capabilityGroups = plain.spec.capabilityGroups.map(({ name, capabilities }) => ({
    name,
    capabilities: capabilities.map((each) => ({ ...each, name, examples: examples[name] })),
  }));
  const routing = { ...plain, spec: { capabilityGroups } };
  writeFileSync(routingsPath, JSON.stringify({ channelRoutings: [routing] }));
}

async function startGuarded() {
  const script = fileURLToPath(new URL("harness/guarded-agent-program.ts", import.meta.url));
  const keys = `http://127.0.0.1:${runtime.port}/.well-known/jwks.json`;
  const parameters = ["--conditions=@lmos/source", script, keys];
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [message]: unknown[] = await once(child, "message");
  const { port } = z.object({ port: z.number() }).parse(message);
  const end = async (): Promise<void> => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  return { port, end };
}

const url = (): string => `http://127.0.0.1:${runtime.port}`;

function bodyOf(token: string, agent: string, content: string): string {
  return JSON.stringify({
    inputContext: { messages: [{ role: "user", content }], explicitAgent: agent },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1", userToken: token },
  });
}

async function ask(token: string, agent: string, content: string, headers: object = {}) {
  const response = await fetch(`${url()}/apis/v1/acme/chat/c1/message`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-turn-id": "t1",
      ...headers,
    },
    body: bodyOf(token, agent, content),
  });
  return { status: response.status, text: await response.text() };
}

async function answerOf(token: string, content: string): Promise<string> {
  const { status, text } = await ask(token, "guarded", content);
  expect(status).toBe(200);
  return z.object({ content: z.string() }).parse(JSON.parse(text)).content;
}

async function askOverGraphql(token: string): Promise<void> {
  using caller = await GraphqlCaller.open(url(), [], { authorization: `Bearer ${token}` });
  caller.send({ type: "connection_init", payload: { authorization: `Bearer ${token}` } });
  await caller.next();
  const entries = { tenantId: "acme", channelId: "web" };
  const request = {
    conversationContext: { conversationId: "graphql" },
    userContext: { userId: "u1", userToken: token, profile: [] },
    systemContext: Object.entries(entries).map(([key, value]) => ({ key, value })),
    messages: [{ role: "user", content: question, format: "text" }],
  };
  const query =
    "subscription($request: AgentRequestInput!) { agent(request: $request) { messages { content } } }";
  caller.send({ type: "subscribe", id: "1", payload: { query, variables: { request } } });
  expect(await caller.next()).toMatchObject({ type: "next" });
}

async function askOverA2a(token: string): Promise<void> {
  const message = { messageId: "m1", role: "user", parts: [{ text: question }] };
  const response = await fetch(`${url()}/a2a/acme/web`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "message/send", params: { message } }),
  });
  expect(response.status).toBe(200);
  await response.text();
}

const claimsSchema = z.object({
  ...{ iss: z.string(), aud: z.string(), sub: z.string() },
  ...{ iat: z.number(), exp: z.number() },
});

/** What a token says; that it is signed is what the guarded agent below looks at. */
function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

/** The tokens that the recording agent got, one a turn. */
function recordedTokens(): readonly string[] {
  const asked = recording.seen.filter(({ frame }) => frame?.["type"] === "subscribe");
  return asked.flatMap(({ frame }) => {
    const entries: readonly { key: string; value: string }[] =
      Object(frame).payload.variables.request.systemContext;
    return entries.filter(({ key }) => key === "lmos.token").map(({ value }) => value);
  });
}

describe("S9 an agent that records all that it gets", () => {
  test("gets no user's token by any door, and a token of its own with each turn", async () => {
    for (const token of [alice, bob]) {
      expect((await ask(token, "recording", "hello")).status).toBe(200);
      expect((await ask(token, "recording", "hello", { accept: "text/event-stream" })).status).toBe(200);
      expect((await ask(token, "recording", "!error")).status).toBe(500);
      await askOverGraphql(token);
      await askOverA2a(token);
    }
    const tokens = recordedTokens();
    expect(tokens).toHaveLength(10);
    expect(new Set(tokens).size).toBe(10);
    const claims = tokens.map((token) => claimsSchema.parse(claimsOf(token)));
    for (const { iss, aud, iat, exp } of claims) {
      expect([iss, aud, exp - iat <= 21]).toEqual([issuer, "acme/recording", true]);
    }
    expect(new Set(claims.map(({ sub }) => sub)).size).toBe(2);
  });

  test("has none of it in headers, frames and entries: neither whole nor in parts", () => {
    const text = JSON.stringify(recording.seen);
    expect(text.length).toBeGreaterThan(10_000);
    for (const token of [alice, bob]) {
      const [, claims = "", signature = ""] = token.split(".");
      for (const part of [token, claims, signature]) expect(text.includes(part)).toBe(false);
    }
    expect(text).not.toMatch(/authorization|userToken":"/i);
  });
});

describe("S9 an agent of the SDK that asks for tokens", () => {
  test("answers, knows on whose behalf, and reaches its memory", async () => {
    const answers = [await answerOf(alice, "who?"), await answerOf(bob, "who?")].map((text) =>
      JSON.parse(text),
    );
    expect(answers[0]).toMatchObject({
      ...{
        audience: "acme/guarded",
        tenant: "acme",
        channel: "web",
        scopes: ["ask", "memory"],
        city: "Bonn",
      },
      subject: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(answers[1].subject).not.toBe(answers[0].subject);
  });

  test("refuses a turn whose token is for another agent's name", async () => {
    const { status, text } = await ask(alice, "impostor", "who?");
    expect([status, JSON.parse(text).errorCode]).toEqual([500, "AGENT_CLIENT_EXCEPTION"]);
  });

  test.each([
    { name: "that was made for another agent", token: () => recordedTokens()[0] },
    { name: "of a user", token: () => alice },
    { name: "that is none", token: () => undefined },
  ])("refuses whoever comes to it with a token $name", async ({ token }) => {
    using caller = await GraphqlCaller.acknowledged(`http://127.0.0.1:${guarded.port}`);
    const value = token();
    const entries = {
      tenantId: "acme",
      channelId: "web",
      ...(value !== undefined && { "lmos.token": value }),
    };
    const request = {
      conversationContext: { conversationId: "c1" },
      systemContext: Object.entries(entries).map(([key, each]) => ({ key, value: each })),
      messages: [{ role: "user", content: "who?", format: "text" }],
    };
    const query =
      "subscription($request: AgentRequestInput!) { agent(request: $request) { messages { content } } }";
    caller.send({ type: "subscribe", id: "1", payload: { query, variables: { request } } });
    expect(await caller.next()).toMatchObject({
      type: "error",
      payload: [{ extensions: { code: "UNAUTHENTICATED" } }],
    });
  });
});

describe("S9 the runtime's doors for agents", () => {
  test.each([
    { name: "without a token", token: () => null, status: "401" },
    { name: "with another agent's token", token: () => recordedTokens()[0] ?? null, status: "401" },
    { name: "with a token that is none", token: () => "x", status: "401" },
  ])("answer $status to an address $name", async ({ token, status }) => {
    // The agent itself asks, while it is at work: its address is good for nothing afterwards.
    expect(await answerOf(alice, `!show ${JSON.stringify(token())}`)).toBe(status);
  });
});

test("nothing of a token or a key is in the log", () => {
  const text = runtime.log.join("\n");
  expect(runtime.log.length).toBeGreaterThan(10);
  for (const token of [alice, bob, ...recordedTokens()]) {
    for (const part of token.split(".").slice(1)) expect(text.includes(part)).toBe(false);
  }
  expect(text).not.toMatch(/PRIVATE|eyJ/);
});
