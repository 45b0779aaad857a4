/** The state in a real Redis: the suite of the ports, two runtimes that share it, and what happens while it is away. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type LogFields, type Logger, silentLogger, systemClock, systemRandom } from "@lmos/primitives";
import { openState, type RuntimeState } from "@lmos/runtime";
import { FakeClock, startTcpProxy } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../../packages/runtime/src/testing/fake-agent.ts";
import { routingOf } from "../../packages/runtime/src/testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../../packages/runtime/src/testing/running-runtime.ts";
import {
  describeConversations,
  describeMemories,
} from "../../packages/runtime/src/testing/store-conformance.ts";
import { figure } from "./harness/figures.ts";
import { askRedis, type RedisServer, startRedisServer, startSentinel } from "./harness/redis-server.ts";

let redis: RedisServer;
let agent: FakeAgent;
const folder = mkdtempSync(join(tmpdir(), "lmos-redis-state-"));
const keyFile = join(folder, "state.key");

beforeAll(async () => {
  writeFileSync(keyFile, "k".repeat(44));
  redis = await startRedisServer();
  agent = await startFakeAgent();
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const open = (where: string, logger: Logger = silentLogger): Promise<RuntimeState> =>
  openState(where, { keyFile, clock: systemClock, random: systemRandom, logger });

/** An adapter on an empty database, whose clock the test moves on. */
function adapter<Store extends Disposable>(select: (state: RuntimeState) => Store | undefined) {
  return {
    name: "Redis",
    open: async () => {
      await askRedis(redis.port, "FLUSHALL");
      const clock = new FakeClock();
      const { monotonic, sleep: wait } = systemClock; // the connection is real, and so is its time
      const mixed = { now: () => clock.now(), monotonic, sleep: wait };
      const options = { keyFile, clock: mixed, random: systemRandom, logger: silentLogger };
      const state = await openState(`redis://127.0.0.1:${redis.port}`, options);
      onTestFinished(() => state[Symbol.dispose]());
      const store = select(state);
      if (store === undefined) throw new Error("state in Redis keeps both");
      return { store, clock };
    },
  };
}

describeConversations(adapter(({ conversations }) => conversations));
describeMemories(adapter(({ memories }) => memories));

test("what is kept leaves Redis by itself", async () => {
  await askRedis(redis.port, "FLUSHALL");
  using state = await open(`redis://127.0.0.1:${redis.port}`);
  const expiresAt = Date.now() + 60_000;
  await state.conversations?.put("k", { subset: "stable", messages: [] }, { user: "alice", expiresAt });
  const written = { agent: "a", turnId: "t", at: Date.now() };
  const place = { user: "alice", conversation: undefined, visibility: "tenant", name: "n" };
  await state.memories.write(place, { value: 1, written, expiresAt }, { maxEntries: 9 });
  for (const key of ["lmos:conversation:k", "lmos:conversations-of:alice", "lmos:memory:alice"]) {
    const left = Number((await askRedis(redis.port, `PTTL ${key}`)).slice(1));
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
  }
});

const routings = ["stable", "canary"].map((subset) => ({
  subset,
  routing: () => routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }], { subset }),
}));

const startRuntime = (state: RuntimeState, logger: Logger = silentLogger): Promise<RunningRuntime> =>
  startTestRuntime({ objects: routings.map(({ routing }) => routing()), state, logger });

/** What the agent was told of the last turn: its messages and its subset. */
function lastAsked(): { readonly contents: readonly string[]; readonly subset: string | undefined } {
  const seen = agent.seen.findLast(({ frame }) => frame?.["type"] === "subscribe");
  const messages = JSON.stringify(seen?.frame).matchAll(/"content":"([^"]*)"/g);
  return { contents: [...messages].map(([, content = ""]) => content), subset: seen?.subset };
}

const serverHistory = { "x-lmos-history": "server" };

test("a conversation goes on at another replica: its history, and the subset that it began with", async () => {
  await askRedis(redis.port, "FLUSHALL");
  using firstState = await open(`redis://127.0.0.1:${redis.port}`);
  using secondState = await open(`redis://127.0.0.1:${redis.port}`);
  await using first = await startRuntime(firstState);
  await using second = await startRuntime(secondState);
  await postMessage(first, messageBody("one"), { headers: { ...serverHistory, "x-subset": "canary" } });
  await postMessage(second, messageBody("two"), { headers: serverHistory });
  expect(lastAsked()).toEqual({ contents: ["one", "agent-0: one", "two"], subset: "canary" });
  await postMessage(first, messageBody("three"), { headers: serverHistory });
  expect(lastAsked().contents).toEqual(["one", "agent-0: one", "two", "agent-0: two", "three"]);
});

async function metric(running: RunningRuntime, name: string): Promise<number> {
  const text = await (await fetch(`${running.managementUrl}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

/** Turns one after the other: those that failed, and how long the slowest took. */
async function sendTurns(running: RunningRuntime, count: number) {
  const times: number[] = [];
  let failed = 0;
  for (let each = 0; each < count; each++) {
    const startedAt = performance.now();
    const response = await postMessage(running, messageBody(`m${each}`), { headers: serverHistory });
    if (response.status !== 200) failed += 1;
    await response.text();
    times.push(performance.now() - startedAt);
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { failed, median: sorted[Math.floor(count / 2)] ?? 0, slowest: sorted.at(-1) ?? 0 };
}

describe("while Redis is away", () => {
  test.each([
    { name: "refuses connections", how: "refused" },
    { name: "swallows everything", how: "swallowed" },
  ] as const)("that $name, no turn fails; it is told, and over when it is back", async ({ name, how }) => {
    const warnings: string[] = [];
    const warn = (message: string, _fields?: LogFields): void => void warnings.push(message);
    const logger: Logger = { ...silentLogger, warn };
    await using proxy = await startTcpProxy({
      target: { host: "127.0.0.1", port: redis.port },
      clock: systemClock,
    });
    using state = await open(`redis://127.0.0.1:${proxy.port}`, logger);
    await using running = await startRuntime(state, logger);
    const before = await sendTurns(running, 50);
    if (how === "refused") {
      await proxy.refuse();
      proxy.cut("reset");
    } else {
      proxy.setConditions({ swallowNew: true });
      proxy.blackhole("both");
    }
    const during = await sendTurns(running, 50);
    expect(await metric(running, "lmos_state_up")).toBe(0);
    expect(await metric(running, "lmos_state_failures_total")).toBeGreaterThan(50);
    proxy.setConditions({});
    proxy.cut("reset");
    if (how === "refused") await proxy.accept();
    const backAt = performance.now();
    for (;;) {
      await sendTurns(running, 1);
      if ((await metric(running, "lmos_state_up")) === 1) break;
      await sleep(100);
    }
    const back = performance.now() - backAt;
    const after = await sendTurns(running, 5);
    figure({
      row: "Redis",
      fault: name,
      asked: "0 failed turns",
      seen: `${before.failed + during.failed + after.failed} of 105 failed; a turn took ${before.median.toFixed(1)} ms before, ${during.median.toFixed(1)} ms meanwhile (the slowest ${during.slowest.toFixed(0)} ms); used again ${(back / 1000).toFixed(1)} s after it was back`,
      reached: before.failed + during.failed + after.failed === 0,
    });
    expect([before.failed, during.failed, after.failed]).toEqual([0, 0, 0]);
    const told = "Conversations and memories cannot be kept, turns go on without them";
    const tolds = warnings.filter((message) => message === told).length; // for each time that it goes, not for each turn
    expect(tolds).toBeGreaterThan(0);
    expect(tolds).toBeLessThan(5);
  });

  test("at the start, the runtime starts all the same", async () => {
    using state = await open("redis://127.0.0.1:1");
    await using running = await startRuntime(state);
    expect((await sendTurns(running, 3)).failed).toBe(0);
    expect(await metric(running, "lmos_state_up")).toBe(0);
  });
});

test("behind a Sentinel, the next primary goes on with what the lost one had", async () => {
  await using primary = await startRedisServer();
  await using replica = await startRedisServer("--replicaof", "127.0.0.1", String(primary.port));
  await using sentinel = await startSentinel("main", primary);
  for (let tries = 0; tries < 200; tries++) {
    const [synced, found] = await Promise.all([
      askRedis(replica.port, "INFO replication"),
      askRedis(sentinel.port, "SENTINEL replicas main"),
    ]);
    if (synced.includes("master_link_status:up") && found.includes(String(replica.port))) break;
    await sleep(100);
  }
  using state = await open(`redis+sentinel://127.0.0.1:${sentinel.port}/main`);
  await using running = await startRuntime(state);
  await postMessage(running, messageBody("one"), { headers: serverHistory });
  expect(await metric(running, "lmos_state_up")).toBe(1);
  while (!(await askRedis(replica.port, "DBSIZE")).startsWith(":2")) await sleep(50); // the replica has it
  await primary.kill();
  const killedAt = performance.now();
  let failed = 0;
  let turns = 0;
  for (; performance.now() - killedAt < 30_000; turns++) {
    const response = await postMessage(running, messageBody(`t${turns}`), { conversation: "c2" });
    if (response.status !== 200) failed += 1;
    if (turns > 3 && (await metric(running, "lmos_state_up")) === 1) break;
    await sleep(100);
  }
  const seconds = (performance.now() - killedAt) / 1000;
  figure({
    row: "Redis",
    fault: "the primary behind a Sentinel is killed",
    asked: "0 failed turns through a failover",
    seen: `${failed} of ${turns} failed; the next primary was used after ${seconds.toFixed(1)} s`,
    reached: failed === 0,
  });
  expect([failed, await metric(running, "lmos_state_up")]).toEqual([0, 1]);
  await postMessage(running, messageBody("last"), { headers: serverHistory });
  expect(lastAsked().contents.at(0)).toBe("one");
});
