/**
 * Row S4: what belongs to one user's conversation is there for nobody else, at whichever door and by whichever way it is
 * asked for: another's is answered as what there never was.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { createFakeAuthenticator, type FakeTokens } from "../testing/fake-authenticator.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";

/** Alice, and everybody who might be taken for her. */
const tokens: FakeTokens = {
  "alice.token": { subject: "alice", tenant: "acme" },
  "bob.token": { subject: "bob", tenant: "acme" },
  "capital.token": { subject: "Alice", tenant: "acme" },
  "spaced.token": { subject: "alice ", tenant: "acme" },
  "namesake.token": { subject: "alice", tenant: "acme", issuer: "https://other.example" },
  "elsewhere.token": { subject: "alice", tenant: "globex" },
};
const others = ["bob", "capital", "spaced", "namesake", "elsewhere"] as const;
const tenantOf = (name: string): string => tokens[`${name}.token`]?.tenant ?? "";

let agent: FakeAgent;
let running: RunningRuntime;
const revoked = new Set<string>();

beforeAll(async () => {
  agent = await startFakeAgent();
  const objects = ["acme", "globex"].flatMap((tenant) =>
    ["web", "ivr"].map((channel) =>
      routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }], { tenant, channel }),
    ),
  );
  const authenticator = createFakeAuthenticator(tokens, revoked);
  const limits = { userTurnsPerSecond: 1_000_000 };
  running = await startTestRuntime({ objects, authenticator, limits });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

interface Asking {
  readonly name: string;
  readonly conversation: string;
  readonly text?: string;
  readonly channel?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly turnId?: string;
}

async function ask({ name, conversation, text = "hello", channel = "web", headers, turnId = "t1" }: Asking) {
  const body = messageBody(text).replace('"channelId":"web"', `"channelId":"${channel}"`);
  const own = { authorization: `Bearer ${name}.token`, "x-turn-id": turnId, ...headers };
  const response = await postMessage(running, body, { headers: own, tenant: tenantOf(name), conversation });
  return { status: response.status, body: await response.text() };
}

/** All that the agent was told in its last turn. */
const lastTold = (): string =>
  JSON.stringify(agent.seen.findLast(({ frame }) => frame?.["type"] === "subscribe")?.frame);

describe("S4 the history of a conversation", () => {
  const history = { "x-lmos-history": "server" };
  const secret = (id: string): string => `secret-of-${id}`;
  const begin = (conversation: string) =>
    ask({ name: "alice", conversation, text: secret(conversation), headers: history });

  test.each(others)("is not told to the agent of %s under the same id", async (name) => {
    const conversation = `with-${name}`;
    await begin(conversation);
    expect((await ask({ name, conversation, text: "what was said?", headers: history })).status).toBe(200);
    expect(lastTold()).not.toContain(secret(conversation));
    await ask({ name: "alice", conversation, text: "and then?", headers: history });
    expect(lastTold()).toContain(secret(conversation));
    expect(lastTold()).not.toContain("what was said?");
  });

  test("is not told in another channel of the same tenant, for the same user", async () => {
    await begin("replayed");
    await ask({ name: "alice", conversation: "replayed", channel: "ivr", headers: history });
    expect(lastTold()).not.toContain(secret("replayed"));
  });

  test("has no key that a name can be written into", async () => {
    await begin("a");
    for (const conversation of ["a%00", "web/a", 'a","web', "a%2F..%2Fa", "acme:web:a", "alice:a"]) {
      await ask({ name: "bob", conversation, headers: history });
      expect(lastTold()).not.toContain(secret("a"));
    }
  });
});

const stream = { accept: "text/event-stream", "x-lmos-resumable": "true" };

describe("S4 a stream", () => {
  const resume = (name: string, conversation: string, more: Partial<Asking> = {}) =>
    ask({ name, conversation, headers: { ...stream, "last-event-id": "1" }, ...more });

  test.each(others)("is resumed by its user alone: to %s it is as one that there never was", async (name) => {
    const conversation = `stream-with-${name}`;
    await ask({ name: "alice", conversation, headers: stream });
    const refused = await resume(name, conversation);
    expect(refused).toEqual(await resume(name, "never-begun"));
    expect(refused.status).toBe(404);
    expect((await resume("alice", conversation)).status).toBe(200);
  });

  test("is not resumed in another channel, nor under another turn's id", async () => {
    await ask({ name: "alice", conversation: "moved", headers: stream });
    expect((await resume("alice", "moved", { channel: "ivr" })).status).toBe(404);
    expect((await resume("alice", "moved", { turnId: "t2" })).status).toBe(404);
    expect((await resume("alice", "moved")).status).toBe(200);
  });

  test("is not ended by somebody else's attempts to resume it", async () => {
    const conversation = "attacked";
    const waiting = ask({ name: "alice", conversation, text: "!wait", headers: stream });
    await agent.whenSeen(({ frame }) => JSON.stringify(frame ?? {}).includes('"attacked"'));
    for (const name of others) expect((await resume(name, conversation)).status).toBe(404);
    agent.release();
    expect((await waiting).body).toContain("agent-0: waited");
  });

  test("is resumed with a token that counts then", async () => {
    await ask({ name: "bob", conversation: "revoked", headers: stream });
    revoked.add("bob.token");
    expect((await resume("bob", "revoked")).status).toBe(401);
    revoked.clear();
    expect((await resume("bob", "revoked")).status).toBe(200);
  });
});

const message = { messageId: "m1", role: "user", parts: [{ text: "hello" }] };

async function call(name: string, method: string, params: object, channel = "web"): Promise<string> {
  const headers = { authorization: `Bearer ${name}.token`, "content-type": "application/json" };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const url = `${running.url}/a2a/${tenantOf(name)}/${channel}`;
  return (await fetch(url, { method: "POST", headers, body })).text();
}

async function beginTask(): Promise<string> {
  const streamed = await call("alice", "message/stream", { message });
  return /"taskId":"([^"]+)"/.exec(streamed)?.[1] ?? "";
}

describe("S4 a task of A2A", () => {
  test.each(others)("is found by its user alone: to %s it is as one that there never was", async (name) => {
    const id = await beginTask();
    const unknown = await call(name, "tasks/get", { id: crypto.randomUUID() });
    expect(await call(name, "tasks/get", { id })).toBe(unknown);
    expect(await call(name, "GetTask", { id })).not.toContain("completed");
    expect(await call("alice", "tasks/get", { id })).toContain(id);
  });

  test("is not found in another channel", async () => {
    const id = await beginTask();
    expect(await call("alice", "tasks/get", { id }, "ivr")).toBe(
      await call("alice", "tasks/get", { id: crypto.randomUUID() }, "ivr"),
    );
  });

  test.each([
    "tasks/cancel",
    "CancelTask",
    "tasks/resubscribe",
    "SubscribeToTask",
    "tasks/list",
    "ListTasks",
  ])("is not reached by %s of anybody else: to them it is as one that there never was", async (method) => {
    const id = await beginTask();
    for (const name of others) {
      const answer = await call(name, method, { id });
      expect(answer).toBe(await call(name, method, { id: crypto.randomUUID() }));
      expect(JSON.parse(answer)).toMatchObject({ error: { code: expect.any(Number) } });
    }
    expect(await call("alice", "tasks/get", { id })).toContain("completed");
  });

  test("has an id that says nothing of any other: of a hundred, no two share eight digits, and none is near another", async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, beginTask));
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids.map((id) => id.slice(0, 8))).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.slice(-8))).size).toBe(ids.length);
  });

  test("is not guessed from its own id with one digit changed", async () => {
    const id = await beginTask();
    const near = [...id].flatMap((digit, at) =>
      digit === "-" ? [] : [`${id.slice(0, at)}${digit === "0" ? "1" : "0"}${id.slice(at + 1)}`],
    );
    const answers = await Promise.all(near.map((guess) => call("alice", "tasks/get", { id: guess })));
    expect(answers.filter((answer) => answer.includes("completed"))).toEqual([]);
  });
});

describe("S4 a turn over a socket", () => {
  const request = {
    conversationContext: { conversationId: "ws" },
    userContext: { userId: "u1", profile: [] },
    systemContext: [
      { key: "tenantId", value: "acme" },
      { key: "channelId", value: "web" },
    ],
    messages: [{ role: "user", content: "agent 0 capability", format: "text" }],
  };
  const query =
    "subscription($request: AgentRequestInput!) { agent(request: $request) { messages { content } } }";

  test("is not stopped by another one's socket, whatever id it gives", async () => {
    await using patient = await startFakeAgent();
    const host = `127.0.0.1:${patient.port}`;
    await using own = await startTestRuntime({
      objects: [routingOf([{ name: "agent-0", host }])],
      authenticator: createFakeAuthenticator(tokens),
    });
    const open = (name: string) =>
      GraphqlCaller.acknowledged(own.url, [], { authorization: `Bearer ${name}.token` });
    using alice = await open("alice");
    using bob = await open("bob");
    const messages = [{ ...request.messages[0], content: "!wait agent 0 capability" }];
    const payload = { query, variables: { request: { ...request, messages } } };
    alice.send({ type: "subscribe", id: "1", payload });
    await patient.whenSeen(({ frame }) => frame?.["type"] === "subscribe");
    bob.send({ type: "complete", id: "1" });
    bob.send({ type: "ping" });
    await bob.next(); // what came before the ping was seen to
    patient.release();
    expect(JSON.stringify(await alice.next())).toContain("agent-0: waited");
  });
});

describe("S4 nothing tells another one's from what there is not by how long it takes", () => {
  /** The fastest but one of forty: a busy machine can only add to what an answer takes by itself. */
  function usual(times: readonly number[]): number {
    return times.slice(20).toSorted((one, other) => one - other)[1] ?? 0;
  }

  async function compare(others: () => Promise<unknown>, unknown: () => Promise<unknown>): Promise<number> {
    const time = async (work: () => Promise<unknown>): Promise<number> => {
      const startedAt = performance.now();
      await work();
      return performance.now() - startedAt;
    };
    const times = { others: [] as number[], unknown: [] as number[] };
    for (let pair = 0; pair < 60; pair++) {
      times.others.push(await time(others)); // turn by turn, so that both see the same machine
      times.unknown.push(await time(unknown));
    }
    const [one, two] = [usual(times.others), usual(times.unknown)];
    return Math.max(one, two) / Math.min(one, two);
  }

  test("a stream to resume", async () => {
    await ask({ name: "alice", conversation: "timed", headers: stream });
    const headers = { ...stream, "last-event-id": "1" };
    const resume = (conversation: string) => () => ask({ name: "bob", conversation, headers });
    expect(await compare(resume("timed"), resume("never"))).toBeLessThan(3);
  });

  test("a task to look at", async () => {
    const id = await beginTask();
    const look = (task: string) => () => call("bob", "tasks/get", { id: task });
    expect(await compare(look(id), look(crypto.randomUUID()))).toBeLessThan(3);
  });
});
