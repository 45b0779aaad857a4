import { type Clock, systemClock, systemIds } from "@lmos/primitives";
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

function connect(limits: Partial<RuntimeLimits> = {}, clock: Clock = new FakeClock()): WebSocketConnection {
  const connection = createWebSocketConnection({
    clock,
    ids: systemIds,
    limits: { ...defaultLimits, ...limits },
    trust: usualTrust,
  });
  onTestFinished(() => connection[Symbol.dispose]());
  return connection;
}

interface Question {
  readonly content?: string;
  readonly subset?: string;
  readonly signal?: AbortSignal;
}

function ask(
  connection: WebSocketConnection,
  agent: FakeAgent,
  { content = "hello", subset = "stable", signal = new AbortController().signal }: Question = {},
): Promise<readonly AgentReply[]> {
  const request = toAgentRequest(turnOf({ messages: [{ role: "user", content, format: "text" }] }));
  const url = `ws://127.0.0.1:${agent.port}/subscriptions`;
  return collect(repliesOf((reader) => connection.ask({ url, subset, request }, reader), { signal }));
}

const answered = (replies: readonly AgentReply[]): boolean => replies.at(-1)?.kind === "completed";

const upgrades = (agent: FakeAgent): number => agent.seen.filter(({ kind }) => kind === "upgrade").length;

test("keeps a socket for the next turn, which needs no second handshake", async () => {
  await using agent = await startFakeAgent();
  const connection = connect();
  for (let turn = 0; turn < 3; turn++) expect(answered(await ask(connection, agent))).toBe(true);
  const frames = agent.seen.flatMap(({ frame }) => frame?.["type"] ?? []);
  expect(frames).toEqual(["connection_init", "subscribe", "subscribe", "subscribe"]);
  expect([upgrades(agent), connection.idleSockets]).toEqual([1, 1]);
});

test("serves one turn at a time on each socket", async () => {
  await using agent = await startFakeAgent();
  const connection = connect();
  const waiting = ask(connection, agent, { content: "!wait" });
  await agent.whenSeen(({ frame }) => frame?.["type"] === "subscribe");
  await ask(connection, agent);
  agent.release();
  expect(answered(await waiting)).toBe(true);
  expect([upgrades(agent), connection.idleSockets]).toEqual([2, 2]);
});

test("gives each subset sockets of its own: their header belongs to the socket", async () => {
  await using agent = await startFakeAgent();
  const connection = connect();
  await ask(connection, agent, { subset: "stable" });
  await ask(connection, agent, { subset: "canary" });
  const subsets = agent.seen.flatMap(({ headers }) => headers?.["x-subset"] ?? []);
  expect(subsets).toEqual(["stable", "canary"]);
});

test("goes on with the same socket after an error that the agent reported", async () => {
  await using agent = await startFakeAgent();
  const connection = connect();
  await ask(connection, agent, { content: "!error" });
  expect(answered(await ask(connection, agent))).toBe(true);
  expect(upgrades(agent)).toBe(1);
});

describe("opens a new socket", () => {
  test("after a violation of the protocol", async () => {
    await using agent = await startFakeAgent();
    const connection = connect();
    await ask(connection, agent, { content: "!garbage" });
    expect(answered(await ask(connection, agent))).toBe(true);
    expect(upgrades(agent)).toBe(2);
  });

  test("when the old one was closed under us, and no turn notices", async () => {
    await using agent = await startFakeAgent();
    const connection = connect();
    await ask(connection, agent);
    agent.dropSockets();
    await expect.poll(() => connection.idleSockets).toBe(0);
    expect(answered(await ask(connection, agent))).toBe(true);
  });

  test("when the old one was silent and gives no sign of life", async () => {
    await using agent = await startFakeAgent();
    const connection = connect({ confirmAfterMs: 0, confirmWithinMs: 50 }, systemClock);
    await ask(connection, agent);
    agent.freezeSockets();
    expect(answered(await ask(connection, agent))).toBe(true);
    expect(upgrades(agent)).toBe(2);
  });

  test("when the old one has lived long enough", async () => {
    await using agent = await startFakeAgent();
    const connection = connect({ socketAgeMs: 0 });
    await ask(connection, agent);
    await ask(connection, agent);
    expect([upgrades(agent), connection.idleSockets]).toEqual([2, 0]);
  });
});

describe("sockets that were silent for long, and whose other side is gone", () => {
  const confirmWithinMs = 500;
  const limits = { confirmAfterMs: 1000, confirmWithinMs };

  /** A connection with three of them, at a time when they are asked for a sign of life. */
  async function withDeadSockets(agent: FakeAgent) {
    const clock = new FakeClock();
    const connection = connect(limits, clock);
    const asked = [1, 2, 3].map(() => ask(connection, agent, { content: "!wait" }));
    await expect.poll(() => agent.seen.filter(({ frame }) => frame?.["type"] === "subscribe").length).toBe(3);
    agent.release();
    await Promise.all(asked);
    agent.freezeSockets();
    await clock.advance(limits.confirmAfterMs);
    return { clock, connection, sleeping: clock.sleeping };
  }

  test("cost a turn one wait, however many there are", async () => {
    await using agent = await startFakeAgent();
    const { clock, connection, sleeping } = await withDeadSockets(agent);
    const turn = ask(connection, agent);
    await expect.poll(() => clock.sleeping).toBe(sleeping + 1);
    await clock.advance(confirmWithinMs);
    expect(answered(await turn)).toBe(true);
    expect([upgrades(agent), connection.idleSockets]).toEqual([4, 1]);
  });

  test("do not keep a turn that is given up meanwhile", async () => {
    await using agent = await startFakeAgent();
    const { clock, connection, sleeping } = await withDeadSockets(agent);
    const stop = new AbortController();
    const turn = ask(connection, agent, { signal: stop.signal });
    await expect.poll(() => clock.sleeping).toBe(sleeping + 1);
    stop.abort("too late");
    await expect(turn).rejects.toBe("too late");
    expect(upgrades(agent)).toBe(3);
  });
});

test("uses a socket that was silent for long once that has given a sign of life", async () => {
  await using agent = await startFakeAgent();
  const clock = new FakeClock();
  const connection = connect({}, clock);
  await ask(connection, agent);
  await clock.advance(defaultLimits.confirmAfterMs);
  expect(answered(await ask(connection, agent))).toBe(true);
  expect(upgrades(agent)).toBe(1);
});

test("closes a socket that no turn has used for long", async () => {
  await using agent = await startFakeAgent();
  const clock = new FakeClock();
  const { pingAfterMs } = defaultLimits; // it is looked at so often
  const connection = connect({ idleSocketMs: pingAfterMs }, clock);
  await ask(connection, agent);
  await clock.advance(pingAfterMs - 1);
  expect([connection.idleSockets, agent.openSockets]).toEqual([1, 1]);
  await clock.advance(1);
  await agent.whenSeen(({ kind }) => kind === "close");
  await expect.poll(() => connection.idleSockets).toBe(0);
});

test("answers a protocol ping while no turn uses the socket", async () => {
  await using agent = await startFakeAgent();
  const connection = connect();
  await ask(connection, agent);
  agent.sendToAll('{"type":"complete","id":"of-before"}');
  agent.sendToAll('{"type":"ping"}');
  await agent.whenSeen(({ frame }) => frame?.["type"] === "pong");
  expect(connection.idleSockets).toBe(1);
});

describe("D4 garbage that comes for no turn", () => {
  test.each(["not json", "{}", '{"type":"next"}', '{"type":"connection_ack"}'])(
    "closes the socket: %s",
    async (text) => {
      await using agent = await startFakeAgent();
      const connection = connect();
      await ask(connection, agent);
      agent.sendToAll(text);
      await agent.whenSeen(({ kind }) => kind === "close");
      await expect.poll(() => connection.idleSockets).toBe(0);
      expect(answered(await ask(connection, agent))).toBe(true);
      expect(upgrades(agent)).toBe(2);
    },
  );

  test.each([1, 4])(
    "after an answer to one of %i turns at once does not meet the next one",
    async (operations) => {
      await using agent = await startFakeAgent({ operations });
      const connection = connect();
      expect(answered(await ask(connection, agent, { content: "!babble" }))).toBe(true);
      await agent.whenSeen(({ kind }) => kind === "close");
      await expect.poll(() => connection.idleSockets).toBe(0);
      expect(answered(await ask(connection, agent))).toBe(true);
      expect(upgrades(agent)).toBe(2);
    },
  );
});

test("closes its sockets when it is disposed, those in use as their turns end", async () => {
  await using agent = await startFakeAgent();
  const connection = connect();
  await ask(connection, agent);
  const waiting = ask(connection, agent, { content: "!wait" });
  await agent.whenSeen(({ frame }) => JSON.stringify(frame ?? {}).includes("!wait"));
  connection[Symbol.dispose]();
  agent.release();
  expect(answered(await waiting)).toBe(true);
  await expect.poll(() => agent.openSockets).toBe(0);
});

describe("a turn that was interrupted before anything of its answer came", () => {
  test("may not be repeated: the agent may have seen it", async () => {
    await using agent = await startFakeAgent();
    expect((await ask(connect(), agent, { content: "!drop" })).at(-1)).toMatchObject({ repeatable: false });
  });

  test("may be repeated where the agent says that it takes each turn once", async () => {
    await using agent = await startFakeAgent({ idempotent: true });
    expect((await ask(connect(), agent, { content: "!drop" })).at(-1)).toMatchObject({ repeatable: true });
  });

  test("but not when its answer had begun", async () => {
    await using agent = await startFakeAgent({ idempotent: true });
    expect((await ask(connect(), agent, { content: "!half" })).at(-1)).toMatchObject({ repeatable: false });
  });
});
