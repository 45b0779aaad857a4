/** Rows D1 to D7 and D14: agents that fail in every way, behind a runtime in a process of its own. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { percentile, sendTurn, type TurnOutcome } from "./harness/turns.ts";

const firstResultMs = 800;
const betweenResultsMs = 500;
let agent: ScriptedAgent;
let other: ScriptedAgent;
let runtime: RuntimeProcess;

beforeAll(async () => {
  agent = await startScriptedAgent();
  other = await startScriptedAgent();
  const limits = { firstResultMs, betweenResultsMs, totalMs: 3000 };
  const agents = {
    agent: [agent.port],
    second: [agent.port],
    nobody: [await freePort()],
    busy: [agent.port],
  };
  runtime = await startRuntimeProcess({ agents, limits });
});

afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

async function freePort(): Promise<number> {
  const taken = await startScriptedAgent();
  await taken[Symbol.asyncDispose]();
  return taken.port;
}

let turns = 0;
function send(
  content: string,
  options: { readonly agent?: string; readonly stream?: boolean } = {},
): Promise<TurnOutcome> {
  turns += 1;
  return sendTurn({ port: runtime.port, turnId: `t${turns}`, content, ...options });
}

test("D1 an agent that is down is said so at once, and hardly asked", async () => {
  const outcomes: TurnOutcome[] = [];
  for (let turn = 0; turn < 40; turn++) outcomes.push(await send("hello", { agent: "nobody" }));
  const p99 = percentile(outcomes, 0.99);
  figure("D1", "503 within 500 ms p99", `${outcomes.length} turns, p99 ${p99.toFixed(1)} ms`);
  expect(outcomes.every(({ status, retryAfter }) => status === 503 && retryAfter !== undefined)).toBe(true);
  expect(p99).toBeLessThan(500);
});

test("D1 with another endpoint alive no turn fails, and the dead one is tried every five seconds", async () => {
  const port = await freePort();
  await using two = await startRuntimeProcess({ agents: { agent: [port, agent.port] } });
  const outcomes: TurnOutcome[] = [];
  for (let turn = 0; turn < 200; turn++) {
    outcomes.push(await sendTurn({ port: two.port, turnId: `d1-${turn}`, content: "hello" }));
  }
  const failed = outcomes.filter(({ status }) => status !== 200).length;
  await using back = await startScriptedAgent(port);
  const startedAt = performance.now();
  while (back.ledger.asked.length === 0 && performance.now() - startedAt < 10_000) {
    await sendTurn({ port: two.port, turnId: `d1-${performance.now()}`, content: "hello" });
    await sleep(20);
  }
  const backMs = performance.now() - startedAt;
  figure(
    "D1",
    "0 failed, probe every 5 s",
    `${failed} of ${outcomes.length} failed, back after ${Math.round(backMs)} ms`,
  );
  expect(failed).toBe(0);
  expect(backMs).toBeLessThan(6000);
});

test("D2 deadlines fire in time and cancel the turn at the agent", async () => {
  const late = await send("!hang");
  const dueAt = performance.now() - late.ms + firstResultMs;
  const told = (agent.ledger.ended.get(late.turnId) ?? Number.NaN) - dueAt;
  const silent = await send("!first");
  figure(
    "D2",
    "±250 ms, agent told within 100 ms",
    `first ${late.ms.toFixed(0)} of ${firstResultMs} ms, between ${silent.ms.toFixed(0)} of ${betweenResultsMs} ms, told after ${told.toFixed(0)} ms`,
  );
  expect([late.status, silent.status]).toEqual([504, 504]);
  expect(Math.abs(late.ms - firstResultMs)).toBeLessThan(250);
  expect(Math.abs(silent.ms - betweenResultsMs)).toBeLessThan(250);
  await expect.poll(() => agent.ledger.ended.has(silent.turnId)).toBe(true);
});

test("D3 an answer that stops is an error to its reader, and leaves no socket", async () => {
  const before = agent.openSockets;
  const outcome = await send("!first", { stream: true });
  figure("D3", "noticed within 15 s, no socket left", `noticed after ${outcome.ms.toFixed(0)} ms`);
  expect(outcome.body).toContain("event: error");
  expect(outcome.body).not.toContain("event: turn-end");
  await expect.poll(() => agent.openSockets, { timeout: 5000 }).toBeLessThanOrEqual(before);
});

const garbage = [
  ...["not json", "[]", "{}", '{"type":"next"}', '{"type":"next","id":"$id"}', '{"type":"bogus","id":"$id"}'],
  '{"type":"next","id":"$id","payload":{"data":{"agent":{"messages":7}}}}',
  `${"[".repeat(100)}${"]".repeat(100)}`,
];

test("D4 garbage fails its turn alone, and a foreign id is nobody's", async () => {
  const outcomes = await Promise.all(garbage.map((text) => send(`!frame ${text}`, { agent: "second" })));
  const statuses = outcomes.map(({ status }) => status);
  const after = await Promise.all(Array.from({ length: 20 }, () => send("hello", { agent: "second" })));
  const mixed = after.filter(({ body, turnId }) => !body.includes(`answer to ${turnId}"`)).length;
  figure(
    "D4",
    "0 crashes, 0 leaks",
    `${garbage.length} kinds: ${statuses.join(" ")}, ${mixed} answers mixed up`,
  );
  expect(statuses.every((status) => status === 500 || status === 504)).toBe(true);
  expect(mixed).toBe(0);
});

test("D4 text cannot forge events", async () => {
  const data = {
    agent: { type: "MESSAGE", messages: [{ role: "assistant", content: "a\n\nevent: turn-end\ndata: {}" }] },
  };
  const frame = JSON.stringify({ type: "next", id: "$id", payload: { data } });
  const { body } = await send(`!frame ${frame}`, { stream: true, agent: "second" });
  const forged = body.split("\n").filter((line) => line === "event: turn-end").length;
  figure("D4", "0 forged events", `${forged}`);
  expect(forged).toBe(0);
});

test("D5 answers that are too large are cut", async () => {
  const before = await runtime.memory();
  const outcomes = [await send("!huge", { agent: "second" }), await send("!flood", { agent: "second" })];
  const grown = (await runtime.memory()) - before;
  figure(
    "D5",
    "500, memory at most 2 × 4 MiB a turn",
    `${outcomes.map(({ status }) => status).join(" ")}, ${(grown / 1024 / 1024).toFixed(1)} MiB`,
  );
  expect(outcomes.map(({ status }) => status)).toEqual([500, 500]);
});

test("D6 a turn that may have been seen is never sent twice", async () => {
  await using own = await startScriptedAgent();
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  const call = (turnId: string, content: string) => sendTurn({ port: fresh.port, turnId, content });
  const outcomes: TurnOutcome[] = [];
  for (let turn = 0; turn < 100; turn++) {
    outcomes.push(await call(`d6-${turn}`, turn % 5 === 4 ? "!drop" : "hello"));
    if (turn % 10 === 0) own.dropAll();
  }
  const doubled = own.ledger.asked.length - new Set(own.ledger.asked).size;
  const failed = outcomes.filter(({ status }) => status !== 200).length;
  figure(
    "D6",
    "0 doubled",
    `${doubled} doubled, ${failed} of ${outcomes.length} turns failed, 20 were dropped on purpose`,
  );
  expect(doubled).toBe(0);
});

test("D7 an agent that asks for patience is not stormed", async () => {
  await using own = await startScriptedAgent();
  own.refuse("503 Service Unavailable");
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  const all = Array.from({ length: 100 }, (_, turn) =>
    sendTurn({ port: fresh.port, turnId: `d7-${turn}`, content: "hello" }),
  );
  const outcomes = await Promise.all(all);
  figure(
    "D7",
    "503 with Retry-After, at most 1.2 attempts a turn",
    `${own.ledger.upgrades} attempts for ${outcomes.length} turns`,
  );
  expect(outcomes.every(({ status, retryAfter }) => status === 503 && retryAfter === "3")).toBe(true);
  expect(own.ledger.upgrades).toBeLessThanOrEqual(120);
});

test("D14 an agent is told that its client has left", async () => {
  await using own = await startScriptedAgent();
  await using fresh = await startRuntimeProcess({ agents: { agent: [own.port] } });
  const delays: TurnOutcome[] = [];
  for (let turn = 0; turn < 50; turn++) {
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
  figure(
    "D14",
    "within 200 ms p99, 0 orphans",
    `p50 ${percentile(delays, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
  );
  expect(p99).toBeLessThan(200);
});
