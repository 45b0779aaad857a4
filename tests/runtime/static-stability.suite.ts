/** Rows D18 to D21: what the runtime is told changes, is old, or stops coming; and the process itself is in trouble. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStream } from "./harness/event-reader.ts";
import { figure } from "./harness/figures.ts";
import { startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendTurn, type TurnOutcome } from "./harness/turns.ts";

let agent: ScriptedAgent;
let other: ScriptedAgent;
let folder: string;

beforeAll(async () => {
  agent = await startScriptedAgent();
  other = await startScriptedAgent();
  folder = mkdtempSync(join(tmpdir(), "lmos-stability-"));
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function routingTo(port: number, generation = 1) {
  const capability = { name: "answer", providedVersion: "1.0.0", host: `127.0.0.1:${port}` };
  const labels = { tenant: "acme", channel: "web", subset: "stable" };
  return {
    metadata: { name: "acme-web", uid: "u1", generation, resourceVersion: String(generation), labels },
    spec: { capabilityGroups: [{ name: "agent", capabilities: [capability] }] },
  };
}

const failed = (outcomes: readonly TurnOutcome[]): number =>
  outcomes.filter(({ status }) => status !== 200).length;

test("D18 a running turn keeps its snapshot, the next one takes the new", async () => {
  const path = join(folder, "d18.json");
  const write = (port: number): void =>
    writeFileSync(path, JSON.stringify({ channelRoutings: [routingTo(port)] }));
  write(agent.port);
  await using runtime = await startRuntimeProcess({ routings: { kind: "file", path } });
  const running = Array.from({ length: 20 }, (_, turn) =>
    readStream({ port: runtime.port, turnId: `d18-${turn}`, content: "!wait 2500" }),
  );
  await expect.poll(() => agent.ledger.asked.length, { interval: 10 }).toBeGreaterThanOrEqual(20);
  write(other.port);
  await expect
    .poll(
      async () => {
        await sendTurn({ port: runtime.port, turnId: `d18-after-${performance.now()}`, content: "hello" });
        return other.ledger.asked.length;
      },
      { interval: 50, timeout: 5000 },
    )
    .toBeGreaterThan(0);
  const ended = await Promise.all(running);
  const snapshots = ended.map(
    (events) => new Set(events.flatMap(({ data }) => data.match(/"snapshot":"(\w+)"/)?.[1] ?? [])),
  );
  const mixed = snapshots.filter(({ size }) => size !== 1).length;
  const answered = ended.filter((events) => events.at(-1)?.kind === "turn-end").length;
  figure(
    "D18",
    "0 mixed snapshots a turn",
    `${mixed} mixed, ${answered} of ${ended.length} running turns answered by their agent`,
  );
  expect([mixed, answered]).toEqual([0, 20]);
});

/** An operator that can be away, empty, or behind. */
async function startOperator() {
  const state: { answer: () => { status: number; body: unknown } } = {
    answer: () => ({ status: 200, body: routingTo(agent.port, 5) }),
  };
  const server = createServer((_request, response) => {
    const { status, body } = state.answer();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    say: (status: number, body: unknown) => {
      state.answer = () => ({ status, body });
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The outage of the row is ten minutes; here it is twenty seconds, four refreshes long, unless asked otherwise. */
const outageMs = Number(process.env["LMOS_OUTAGE_SECONDS"] ?? 20) * 1000;

test("D20 with the operator behind, empty or gone, turns go on with the last routings", async () => {
  const operator = await startOperator();
  await using runtime = await startRuntimeProcess({ routings: { kind: "operator", url: operator.url } });
  const call = (name: string) => sendTurn({ port: runtime.port, turnId: `d20-${name}`, content: "hello" });
  expect((await call("first")).status).toBe(200);
  const outcomes: TurnOutcome[] = [];
  const phases = [
    () => operator.say(200, routingTo(other.port, 3)), // older than what is served
    () => operator.say(404, {}),
    () => operator.say(503, {}),
    () => operator.stop(),
  ];
  const before = other.ledger.asked.length;
  for (const [phase, begin] of phases.entries()) {
    begin();
    const until = performance.now() + outageMs / phases.length;
    while (performance.now() < until) {
      outcomes.push(await call(`${phase}-${outcomes.length}`));
      await sleep(20);
    }
  }
  const misled = other.ledger.asked.length - before;
  const metrics = await (await fetch(`http://127.0.0.1:${runtime.port}/metrics`)).text();
  const age = Number(/^lmos_routings_age_seconds (\S+)/m.exec(metrics)?.[1]);
  figure(
    "D20",
    "0 failed turns in the outage",
    `${failed(outcomes)} of ${outcomes.length} failed in ${outageMs / 1000} s, ${misled} followed an older routing, age ${age.toFixed(0)} s`,
  );
  expect([failed(outcomes), misled]).toEqual([0, 0]);
  expect(age).toBeGreaterThan(0);
});

test("D21 a process whose heap is nearly full takes no new turns, tells its health, and is not killed", async () => {
  const limits = { firstResultMs: 60_000, totalMs: 60_000, maxConcurrentTurns: 100_000, queuedTurns: 1 };
  await using runtime = await startRuntimeProcess({
    agents: { agent: [agent.port] },
    limits,
    nodeOptions: ["--max-old-space-size=160"], // the code itself, read from its sources, takes 90 of them
  });
  const stop = new AbortController();
  const long = "x".repeat(60_000);
  const outcomes: TurnOutcome[] = [];
  const hang = async (turn: number): Promise<void> => {
    const call = { port: runtime.port, turnId: `d21-${turn}`, content: `!hang ${long}`, signal: stop.signal };
    outcomes.push(await sendTurn(call));
  };
  const all: Promise<void>[] = [];
  let slowest = 0;
  const until = performance.now() + 20_000;
  while (performance.now() < until && !outcomes.some(({ status }) => status === 503)) {
    for (let turn = 0; turn < 20; turn++) all.push(hang(all.length));
    const askedAt = performance.now();
    const health = await fetch(`http://127.0.0.1:${runtime.port}/livez`);
    slowest = Math.max(slowest, performance.now() - askedAt);
    expect(health.status).toBe(200);
    await sleep(20);
  }
  const refused = outcomes.filter(({ status }) => status === 503).length;
  stop.abort();
  await Promise.all(all);
  await expect
    .poll(
      async () =>
        (await sendTurn({ port: runtime.port, turnId: `d21-${performance.now()}`, content: "hello" })).status,
      {
        timeout: 15_000,
        interval: 200,
      },
    )
    .toBe(200);
  figure(
    "D21",
    "sheds above 85 % of the heap, health within 1 s, no OOM kill",
    `${all.length} turns held, ${refused} refused, health within ${slowest.toFixed(0)} ms, well again afterwards`,
  );
  expect(refused).toBeGreaterThan(0);
  expect(slowest).toBeLessThan(1000);
});
