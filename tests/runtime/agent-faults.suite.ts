/** Rows D1 to D3, D6, D7 and D14: agents that are away, slow, silent or busy, behind a runtime in a process of its own. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@lmos/primitives";
import { startTcpProxy } from "@lmos/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import { fileRoutingTo } from "./harness/file-routing.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { percentile, sendPatiently, sendTurn, type TurnOutcome } from "./harness/turns.ts";

const firstResultMs = 800;
const betweenResultsMs = 500;
const totalMs = 3000;
const keepAliveMs = 200;
let agent: ScriptedAgent;
let runtime: RuntimeProcess;

beforeAll(async () => {
  agent = await startScriptedAgent();
  const limits = { firstResultMs, betweenResultsMs, totalMs, keepAliveMs };
  runtime = await startRuntimeProcess({ agents: { agent: [agent.port] }, limits });
});

afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

async function freePort(): Promise<number> {
  const taken = await startScriptedAgent();
  await taken[Symbol.asyncDispose]();
  return taken.port;
}

let turns = 0;
function send(content: string, options: { readonly port?: number; readonly stream?: boolean } = {}) {
  turns += 1;
  return sendPatiently({ port: runtime.port, turnId: `t${turns}`, content, ...options });
}

async function sendMany(count: number, port: number): Promise<readonly TurnOutcome[]> {
  const outcomes: TurnOutcome[] = [];
  for (let turn = 0; turn < count; turn++) outcomes.push(await send("hello", { port }));
  return outcomes;
}

/** Takes connections and drops them at once, as a proxy does before a process that is gone. */
async function startDropping() {
  const state = { connections: 0 };
  const server = createServer((socket) => {
    state.connections += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    state,
    [Symbol.dispose]: () => void server.close(),
  };
}

const isToldToComeBack = ({ status, retryAfter }: TurnOutcome): boolean =>
  status === 503 && retryAfter !== undefined;

test("D1 an agent that is down is said so at once, and hardly asked", async () => {
  await using refused = await startRuntimeProcess({ agents: { agent: [await freePort()] } });
  const outcomes = await sendMany(100, refused.port);
  using dropping = await startDropping();
  await using dropped = await startRuntimeProcess({ agents: { agent: [dropping.port] } });
  const others = await sendMany(100, dropped.port);
  const p99 = percentile([...outcomes, ...others], 0.99);
  const asked = dropping.state.connections;
  figure({
    row: "D1",
    fault: "connections are refused, or dropped at once",
    asked: "503 that may be sent again, within 500 ms p99; the breaker opens after 5 in a row",
    seen: `${outcomes.length + others.length} turns, p99 ${p99.toFixed(1)} ms; the agent was tried ${asked} times for 100 turns`,
    reached: p99 <= 500 && asked <= 10,
  });
  expect([...outcomes, ...others].every(isToldToComeBack)).toBe(true);
  expect(p99).toBeLessThan(500);
  expect(asked).toBeLessThanOrEqual(10); // 5, a second try of some, and one of each five seconds
});

test("D1 an agent that fails in half of its turns, and never five times in a row, is left alone, too", async () => {
  await using own = await startScriptedAgent();
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  const call = (turn: number, content: string) =>
    sendTurn({ port: fresh.port, turnId: `half-${turn}`, content });
  // The window is of twenty turns from the first failure on, and is looked at when one fails.
  for (let turn = 0; turn < 21; turn++) await call(turn, turn % 2 === 0 ? "!drop" : "hello");
  const asked = own.ledger.asked.length;
  const outcomes: TurnOutcome[] = [];
  for (let turn = 21; turn < 31; turn++) outcomes.push(await call(turn, "hello"));
  const tried = own.ledger.asked.length - asked;
  const p99 = percentile(outcomes, 0.99);
  figure({
    row: "D1",
    fault: "every second turn fails, and the last of 21",
    asked: "the breaker opens at 50 % of 20: 503 that may be sent again, within 500 ms p99",
    seen: `${outcomes.filter(isToldToComeBack).length} of ${outcomes.length} turns afterwards told to come back, p99 ${p99.toFixed(1)} ms; the agent was asked ${tried} times`,
    reached: outcomes.every(isToldToComeBack) && tried === 0 && p99 <= 500,
  });
  expect(asked).toBe(21);
  expect(tried).toBeLessThanOrEqual(1); // one of each five seconds, on a machine that is so slow
  expect(outcomes.filter(isToldToComeBack).length).toBeGreaterThanOrEqual(outcomes.length - 1 - tried);
});

test("D1 an agent whose name leads nowhere is said so, too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lmos-names-"));
  const path = join(folder, "routings.json");
  writeFileSync(path, fileRoutingTo("nobody.invalid:8080"));
  await using unnamed = await startRuntimeProcess({ routings: { kind: "file", path } });
  const outcomes = await sendMany(100, unnamed.port);
  rmSync(folder, { recursive: true });
  const p99 = percentile(outcomes, 0.99);
  figure({
    row: "D1",
    fault: "the agent's name leads nowhere",
    asked: "503 that may be sent again, within 500 ms p99",
    seen: `${outcomes.length} turns, p99 ${p99.toFixed(1)} ms, the slowest ${percentile(outcomes, 1).toFixed(1)} ms`,
    reached: p99 <= 500,
  });
  expect(outcomes.every(isToldToComeBack)).toBe(true);
  expect(percentile(outcomes, 0.5)).toBeLessThan(500); // how soon a name is known to lead nowhere is the machine's matter
});

test("D1 with another endpoint alive no turn fails, and the dead one is tried every five seconds", async () => {
  const port = await freePort();
  await using two = await startRuntimeProcess({ agents: { agent: [port, agent.port] } });
  const outcomes = await sendMany(300, two.port);
  const failed = outcomes.filter(({ status }) => status !== 200).length;
  await using back = await startScriptedAgent({ port });
  const startedAt = performance.now();
  while (back.ledger.asked.length === 0 && performance.now() - startedAt < 10_000) {
    await send("hello", { port: two.port });
    await sleep(20);
  }
  const backMs = performance.now() - startedAt;
  figure({
    row: "D1",
    fault: "one of two endpoints is down, and comes back",
    asked: "0 turns fail; a probe every 5 s",
    seen: `${failed} of ${outcomes.length} failed, back after ${(backMs / 1000).toFixed(1)} s`,
    reached: failed === 0 && backMs <= 5500,
  });
  expect(failed).toBe(0);
  expect(backMs).toBeLessThan(6000);
});

/** How late the machine is with what is due after so long: with a wait here, and with a turn that takes the rest of it. */
async function latenessAfter(ms: number): Promise<number> {
  const turnMs = 400;
  const startedAt = performance.now();
  await sleep(ms - turnMs);
  await send(`!wait ${turnMs}`);
  return Math.max(0, performance.now() - startedAt - ms);
}

test("D2 deadlines fire in time and cancel the turn at the agent", async () => {
  const cases = [
    { content: "!hang", after: firstResultMs },
    { content: "!first", after: betweenResultsMs },
    { content: "!drip 100", after: totalMs },
  ];
  const seen: string[] = [];
  let furthest = 0;
  let latestTold = 0;
  for (const { content, after } of cases) {
    const ending = send(content).then((outcome) => ({ ...outcome, endedAt: performance.now() }));
    const machineMs = await latenessAfter(after);
    const outcome = await ending;
    await expect.poll(() => agent.ledger.ended.has(outcome.turnId), { interval: 2 }).toBe(true);
    const told = (agent.ledger.ended.get(outcome.turnId) ?? Number.NaN) - outcome.endedAt;
    const offMs = outcome.ms - after;
    seen.push(`${outcome.ms.toFixed(0)} of ${after} ms`);
    furthest = Math.max(furthest, offMs < 0 ? -offMs : offMs - machineMs);
    latestTold = Math.max(latestTold, told);
    expect(outcome.status).toBe(504);
  }
  figure({
    row: "D2",
    fault: "no first result, none after the first, and results without end",
    asked: "deadlines within ±250 ms, the agent is told <= 100 ms later",
    seen: `${seen.join(", ")}, at most ${furthest.toFixed(0)} ms more than the machine is late with a turn without a deadline; told ${latestTold.toFixed(0)} ms later at most`,
    reached: furthest <= 250 && latestTold <= 100,
  });
  expect(furthest).toBeLessThan(250);
  expect(latestTold).toBeLessThan(100);
});

test("D2 a stream is kept open while its agent thinks", async () => {
  const { body } = await send("!hang", { stream: true });
  const comments = body.match(/^: keep-alive$/gm)?.length ?? 0;
  const expected = Math.floor(firstResultMs / keepAliveMs) - 1;
  figure({
    row: "D2",
    fault: "an agent that thinks for long",
    asked: "a comment at each interval (10 s unless set)",
    seen: `${comments} comments of ${keepAliveMs} ms in ${firstResultMs} ms`,
    reached: comments >= expected,
  });
  expect(comments).toBeGreaterThanOrEqual(expected - 1);
  expect(comments).toBeLessThanOrEqual(expected + 1);
});

test("D3 an answer that stops, and a connection that is dead without a word, are errors and leave no socket", async () => {
  await using own = await startScriptedAgent();
  await using proxy = await startTcpProxy({
    target: { host: "127.0.0.1", port: own.port },
    clock: systemClock,
  });
  await using fresh = await startRuntimeProcess({ agents: { agent: [proxy.port] } });
  await send("hello", { port: fresh.port });
  const { sockets: before } = await fresh.usage();
  const dying = send("!first", { port: fresh.port, stream: true });
  await expect.poll(() => own.ledger.asked.length, { interval: 10 }).toBe(2);
  await sleep(200); // the first piece is through
  proxy.blackhole("both");
  const outcome = await dying;
  const startedAt = performance.now();
  await expect
    .poll(async () => (await fresh.usage()).sockets, { timeout: 15_000, interval: 100 })
    .toBeLessThanOrEqual(before);
  const goneMs = performance.now() - startedAt;
  figure({
    row: "D3",
    fault: "no byte and no FIN passes any more, in the middle of an answer",
    asked: "noticed <= 15 s, 0 sockets left 5 s after",
    seen: `noticed after ${(outcome.ms / 1000).toFixed(1)} s, no socket left ${(goneMs / 1000).toFixed(1)} s after`,
    reached: outcome.ms <= 15_500 && goneMs <= 5000,
  });
  expect(outcome.body).toContain("event: text-delta");
  expect(outcome.body).toContain("event: error");
  expect(outcome.body).not.toContain("event: turn-end");
  expect(outcome.ms).toBeLessThan(16_000);
  expect(goneMs).toBeLessThan(6000);
  const after = await send("hello", { port: fresh.port });
  expect(after.status).toBe(200);
});

test("D6 a turn that may have been seen is never sent twice", async () => {
  await using own = await startScriptedAgent();
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  const call = (turnId: string, content: string) =>
    sendTurn({ port: fresh.port, turnId, content, stream: true });
  const outcomes: TurnOutcome[] = [];
  for (let turn = 0; turn < 200; turn++) {
    outcomes.push(await call(`d6-${turn}`, turn % 5 === 4 ? "!drop" : "hello"));
    if (turn % 10 === 0) own.dropAll();
  }
  const doubled = own.ledger.asked.length - new Set(own.ledger.asked).size;
  const failed = outcomes.filter(({ body }) => !body.includes("event: turn-end"));
  const unsaid = failed.filter(({ body }) => !body.includes('"retryable":true')).length;
  figure({
    row: "D6",
    fault: "connections are cut before, between and in the middle of turns",
    asked: "an error that may be sent again; 0 side effects doubled",
    seen: `${doubled} turns asked twice; ${failed.length} of ${outcomes.length} failed, 40 of which were dropped on purpose; ${unsaid} without saying that they may be sent again`,
    reached: doubled === 0 && unsaid === 0,
  });
  expect([doubled, unsaid]).toEqual([0, 0]);
  expect(failed.length).toBeGreaterThanOrEqual(40);
});

test.each([
  { status: "429 Too Many Requests", wish: 3, told: "3" },
  { status: "503 Service Unavailable", wish: 3, told: "3" },
  { status: "503 Service Unavailable", wish: 86_400, told: "60" },
])("D7 an agent that answers $status and wants $wish s is not stormed", async ({ status, wish, told }) => {
  await using own = await startScriptedAgent();
  own.refuse(status, wish);
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => send("hello", { port: fresh.port })));
  const code = Number(status.slice(0, 3));
  const passedOn = outcomes.filter((each) => each.status === code && each.retryAfter === told).length;
  figure({
    row: "D7",
    fault: `the agent answers ${code} with Retry-After: ${wish}`,
    asked: `passed on as ${code} with a bounded Retry-After; <= 1.2 attempts a turn`,
    seen: `${passedOn} of ${outcomes.length} told ${code} and ${told} s; ${own.ledger.upgrades} attempts`,
    reached: passedOn === outcomes.length && own.ledger.upgrades <= 120,
  });
  expect(passedOn).toBe(outcomes.length);
  expect(own.ledger.upgrades).toBeLessThanOrEqual(120);
});

test.each(["429 Too Many Requests", "503 Service Unavailable"])(
  "D7 an endpoint that answers %s gets fewer turns than another one",
  async (status) => {
    await using busy = await startScriptedAgent();
    busy.refuse(status, 30);
    await using fresh = await startRuntimeProcess({ agents: { agent: [busy.port, agent.port] } });
    const outcomes = await sendMany(100, fresh.port);
    const failed = outcomes.filter(({ status }) => status !== 200).length;
    figure({
      row: "D7",
      fault: `one of two endpoints answers ${status.slice(0, 3)} and asks for 30 s of patience`,
      asked: "it gets fewer turns",
      seen: `it was asked ${busy.ledger.upgrades} times for ${outcomes.length} turns, ${failed} of which failed`,
      reached: busy.ledger.upgrades <= 2,
    });
    expect(busy.ledger.upgrades).toBeLessThanOrEqual(2);
    expect(failed).toBeLessThanOrEqual(2);
  },
);

test("D14 an agent is told that its client has left", async () => {
  await using own = await startScriptedAgent();
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  const delays: TurnOutcome[] = [];
  for (let turn = 0; turn < 200; turn++) {
    const turnId = `d14-${turn}`;
    const client = new AbortController();
    const leaving = sendTurn({ port: fresh.port, turnId, content: "!hang", signal: client.signal });
    await expect.poll(() => own.ledger.asked.includes(turnId), { interval: 2 }).toBe(true);
    const leftAt = performance.now();
    client.abort();
    const outcome = await leaving;
    await expect.poll(() => own.ledger.ended.has(turnId), { interval: 2 }).toBe(true);
    delays.push({ ...outcome, ms: (own.ledger.ended.get(turnId) ?? Number.NaN) - leftAt });
  }
  const p99 = percentile(delays, 0.99);
  figure({
    row: "D14",
    fault: "the client leaves while its agent works",
    asked: "the agent is told <= 200 ms p99; 0 orphans",
    seen: `${delays.length} turns: p50 ${percentile(delays, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; 0 orphans`,
    reached: p99 <= 200,
  });
  expect(p99).toBeLessThan(200);
});
