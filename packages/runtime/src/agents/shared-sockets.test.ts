/** Several turns on one socket, where the agent takes them. */
import { systemIds } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { defaultLimits, type RuntimeLimits } from "../limits.ts";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { repliesOf } from "../testing/replies.ts";
import { collect, turnOf } from "../testing/turns.ts";
import { toAgentRequest } from "../turn/agent-request.ts";
import type { AgentReply } from "./agent-connection.ts";
import { usualTrust } from "./trusted-authorities.ts";
import { createWebSocketConnection, type WebSocketConnection } from "./websocket-connection.ts";

/** Turns share from the second one on, unless a test says otherwise. */
function connect(limits: Partial<RuntimeLimits> = {}): WebSocketConnection {
  const connection = createWebSocketConnection({
    clock: new FakeClock(),
    ids: systemIds,
    limits: { ...defaultLimits, unsharedSockets: 1, ...limits },
    trust: usualTrust,
  });
  onTestFinished(() => connection[Symbol.dispose]());
  return connection;
}

type Ask = { readonly content?: string; readonly signal?: AbortSignal };

function ask(
  connection: WebSocketConnection,
  { port }: FakeAgent,
  { content = "hello", signal = new AbortController().signal }: Ask = {},
): AsyncIterable<AgentReply> {
  const request = toAgentRequest(turnOf({ messages: [{ role: "user", content, format: "text" }] }));
  const call = { url: `ws://127.0.0.1:${port}/subscriptions`, subset: "stable", request };
  return repliesOf((reader) => connection.ask(call, reader), { signal });
}

const framesOf = (agent: FakeAgent, type: string): readonly Readonly<Record<string, unknown>>[] =>
  agent.seen.flatMap(({ frame }) => (frame?.["type"] === type ? [frame] : []));
const upgrades = (agent: FakeAgent): number => agent.seen.filter(({ kind }) => kind === "upgrade").length;
const contentsOf = (replies: readonly AgentReply[]): readonly string[] =>
  replies.flatMap((reply) =>
    reply.kind === "result" ? reply.result.messages.map(({ content }) => content) : [],
  );

interface Begun {
  readonly replies: Promise<readonly AgentReply[]>;
}

/** Begins a turn that waits; resolves when its agent knows it. */
async function begin(connection: WebSocketConnection, agent: FakeAgent, options: Ask = {}): Promise<Begun> {
  const known = framesOf(agent, "subscribe").length;
  const replies = collect(ask(connection, agent, { content: "!wait", ...options }));
  replies.catch(() => undefined); // the test looks at it later
  await expect.poll(() => framesOf(agent, "subscribe").length).toBe(known + 1);
  return { replies };
}

/** One after the other, so that each finds the sockets of those before. */
async function beginMany(
  connection: WebSocketConnection,
  agent: FakeAgent,
  count: number,
): Promise<readonly Begun[]> {
  const begun: Begun[] = [];
  while (begun.length < count) begun.push(await begin(connection, agent));
  return begun;
}

async function endsOf(begun: readonly Begun[]): Promise<readonly AgentReply["kind"][]> {
  const replies = await Promise.all(begun.map((each) => each.replies));
  return replies.map((all) => all.at(-1)?.kind ?? "failed");
}

describe("turns share a socket", () => {
  const rows: readonly {
    readonly name: string;
    readonly operations?: number;
    readonly limits?: Partial<RuntimeLimits>;
    readonly turns: number;
    readonly sockets: number;
  }[] = [
    { name: "of an agent that takes several", operations: 16, turns: 5, sockets: 1 },
    { name: "up to what the agent takes", operations: 2, turns: 5, sockets: 3 },
    { name: "up to what we want", operations: 100, limits: { socketTurns: 4 }, turns: 5, sockets: 2 },
    { name: "not of an agent that says nothing", turns: 3, sockets: 3 },
    { name: "not of one that takes one", operations: 1, turns: 3, sockets: 3 },
    {
      name: "not while few are in use",
      operations: 16,
      limits: { unsharedSockets: 3 },
      turns: 5,
      sockets: 3,
    },
    { name: "not of one that is old", operations: 16, limits: { socketAgeMs: 0 }, turns: 2, sockets: 2 },
    { name: "unless that is unwanted", operations: 16, limits: { socketTurns: 1 }, turns: 2, sockets: 2 },
  ];

  test.each(rows)("$name", async ({ operations, limits, turns, sockets }) => {
    await using agent = await startFakeAgent(operations === undefined ? {} : { operations });
    const begun = await beginMany(connect(limits), agent, turns);
    expect([upgrades(agent), framesOf(agent, "connection_init").length]).toEqual([sockets, sockets]);
    agent.release();
    expect(new Set(await endsOf(begun))).toEqual(new Set(["completed"]));
  });

  test("evenly: the one that got a turn last is the last to get one", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const connection = connect({ unsharedSockets: 2 });
    const stops = await beginMany(connection, agent, 6);
    expect(upgrades(agent)).toBe(2);
    agent.release();
    await endsOf(stops);
    expect(connection.idleSockets).toBe(2);
  });

  test("and it waits for the next turn when the last of them has left", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const connection = connect();
    const begun = await beginMany(connection, agent, 3);
    expect(connection.idleSockets).toBe(0);
    agent.release();
    await endsOf(begun);
    expect(connection.idleSockets).toBe(1);
    await collect(ask(connection, agent));
    expect(upgrades(agent)).toBe(1);
  });

  test("and each gets its own answer, however they are mixed", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const connection = connect();
    await begin(connection, agent);
    const names = Array.from({ length: 40 }, (_, index) => `turn ${index}`);
    const answers = await Promise.all(names.map((content) => collect(ask(connection, agent, { content }))));
    expect(answers.map(contentsOf)).toEqual(names.map((name) => [`agent-0: ${name}`]));
  });
});

test("one of them is cancelled by its own frame, and the others go on", async () => {
  await using agent = await startFakeAgent({ operations: 16 });
  const connection = connect();
  const stop = new AbortController();
  const [first] = await beginMany(connection, agent, 1);
  const cancelled = await begin(connection, agent, { signal: stop.signal });
  stop.abort(new Error("the client is gone"));
  await expect(cancelled.replies).rejects.toThrow("the client is gone");
  await agent.whenSeen(({ frame }) => frame?.["type"] === "complete");
  expect(framesOf(agent, "complete").map(({ id }) => id)).toEqual([framesOf(agent, "subscribe")[1]?.["id"]]);
  agent.release();
  expect(await (first ?? cancelled).replies).toHaveLength(2);
  expect([upgrades(agent), agent.openSockets]).toEqual([1, 1]);
});

test("one whose reader leaves early is cancelled, and its socket stays", async () => {
  await using agent = await startFakeAgent({ operations: 16 });
  const connection = connect();
  for await (const reply of ask(connection, agent, { content: "!intermediate" })) {
    expect(reply.kind).toBe("result");
    break;
  }
  expect(connection.idleSockets).toBe(1);
  expect((await collect(ask(connection, agent))).at(-1)).toEqual({ kind: "completed" });
  expect(upgrades(agent)).toBe(1);
});

describe("a socket that is lost", () => {
  test("ends its turns, each once, and no other", async () => {
    await using agent = await startFakeAgent({ operations: 2 });
    const connection = connect();
    const begun = await beginMany(connection, agent, 2);
    agent.dropSockets();
    const interrupted = {
      kind: "failed",
      fault: { kind: "interrupted", closeCode: 1006 },
      repeatable: false,
    };
    for (const { replies } of begun) expect(await replies).toEqual([interrupted]);
    expect((await collect(ask(connection, agent))).at(-1)).toEqual({ kind: "completed" });
  });

  test("lets them be repeated where the agent takes each turn once", async () => {
    await using agent = await startFakeAgent({ operations: 2, idempotent: true });
    const begun = await beginMany(connect(), agent, 2);
    agent.dropSockets();
    for (const { replies } of begun) expect((await replies).at(-1)).toMatchObject({ repeatable: true });
  });
});

describe("a frame that is none", () => {
  test.each([
    { name: "ends all turns of the socket", text: "\u0000 not json", reason: "frame is not JSON" },
    { name: "of no known type does, too", text: '{"type":"hm"}', reason: 'frame type "hm" is unknown' },
  ])("$name", async ({ text, reason }) => {
    await using agent = await startFakeAgent({ operations: 16 });
    const begun = await beginMany(connect(), agent, 2);
    agent.sendToAll(text);
    for (const { replies } of begun) {
      expect(await replies).toEqual([
        { kind: "failed", fault: { kind: "protocol", reason }, repeatable: false },
      ]);
    }
    await expect.poll(() => agent.openSockets).toBe(0);
  });

  test("of a turn that has left is dropped", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const connection = connect();
    const begun = await beginMany(connection, agent, 2);
    agent.sendToAll('{"type":"next","id":"somebody else\'s","payload":{}}');
    agent.release();
    expect(await endsOf(begun)).toEqual(["completed", "completed"]);
  });

  test("answers a ping once, whoever uses the socket", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    await beginMany(connect(), agent, 3);
    agent.sendToAll('{"type":"ping"}');
    await agent.whenSeen(({ frame }) => frame?.["type"] === "pong");
    expect(framesOf(agent, "pong")).toHaveLength(1);
  });
});

describe("an agent that is about to stop", () => {
  test("gets no more turns on the sockets that are in use, and those end as they would", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const connection = connect();
    const [first] = await beginMany(connection, agent, 1);
    agent.sendToAll('{"type":"ping","payload":{"draining":true}}');
    await agent.whenSeen(({ frame }) => frame?.["type"] === "pong");
    const second = await begin(connection, agent);
    expect(upgrades(agent)).toBe(2);
    agent.release();
    expect(await endsOf([first ?? second, second])).toEqual(["completed", "completed"]);
    await expect.poll(() => [connection.idleSockets, agent.openSockets]).toEqual([1, 1]);
  });

  test("did nothing of a turn that it does not begin: another endpoint may", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const connection = connect();
    const refused = await collect(ask(connection, agent, { content: "!stopping" }));
    expect(refused).toEqual([{ kind: "failed", fault: { kind: "notBegun" }, repeatable: true }]);
    await collect(ask(connection, agent));
    expect(upgrades(agent)).toBe(2);
  });
});

describe("a reader that is slower than the agent", () => {
  test("does not hold up the others of its socket, which takes no more turns, and loses its own turn", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const connection = connect();
    const waiting = await begin(connection, agent);
    const slow = ask(connection, agent, { content: "!pieces" })[Symbol.asyncIterator]();
    expect((await slow.next()).value).toMatchObject({ kind: "result" });
    await agent.whenSeen(({ frame }) => frame?.["type"] === "complete");
    const other = await begin(connection, agent);
    expect(upgrades(agent)).toBe(2);
    agent.release();
    expect(await endsOf([waiting, other])).toEqual(["completed", "completed"]);
    const kinds: unknown[] = [];
    for (let step = await slow.next(); step.done !== true; step = await slow.next()) {
      kinds.push(step.value.kind === "failed" ? step.value.fault : step.value.kind);
    }
    expect(kinds.at(-1)).toEqual({ kind: "unread" });
    expect(kinds.length).toBeLessThan(20); // some 256 KiB of 3 MB
  });

  test("loses nothing where it is alone on its socket", async () => {
    await using agent = await startFakeAgent({ operations: 16 });
    const seen: string[] = [];
    for await (const reply of ask(connect(), agent, { content: "!pieces" })) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      seen.push(...contentsOf([reply]).map((content) => content.split(" ")[0] ?? ""));
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`));
  });
});
