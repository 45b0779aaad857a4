/** Rows D18 to D21: what the runtime is told changes, is old, or stops coming; and the process itself is in trouble. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startCommand } from "./harness/command-process.ts";
import { readStream } from "./harness/event-reader.ts";
import { figure } from "./harness/figures.ts";
import { fileRoutingTo, routingObject } from "./harness/file-routing.ts";
import { writeRoutedChannels } from "./harness/routed-channels.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendPatiently, sendTurn, type TurnOutcome } from "./harness/turns.ts";

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

function routingTo(port: number, generation: number) {
  return routingObject({ agents: { agent: `127.0.0.1:${port}` }, generation });
}

const failed = (outcomes: readonly TurnOutcome[]): number =>
  outcomes.filter(({ status }) => status !== 200).length;

test("D18 a running turn keeps its snapshot, the next one takes the new", async () => {
  const path = join(folder, "d18.json");
  const write = (port: number): void => writeFileSync(path, fileRoutingTo(`127.0.0.1:${port}`));
  write(agent.port);
  await using runtime = await startCommand("--routings", path);
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
  const logged = (): readonly LoggedTurn[] => runtime.log.flatMap((line) => loggedTurnOf(line) ?? []);
  const ofRunning = () => logged().filter(({ turnId }) => /^d18-\d+$/.test(turnId));
  await expect.poll(() => ofRunning().length).toBe(ended.length);
  const unnamed = logged().filter(({ snapshot }) => !/^[0-9a-f]{12}$/.test(snapshot)).length;
  const misnamed = ofRunning().filter(
    ({ turnId, snapshot }) => snapshots[Number(turnId.slice("d18-".length))]?.has(snapshot) !== true,
  ).length;
  figure({
    row: "D18",
    fault: "the routing changes while 20 turns run",
    asked: "0 mixed snapshots a turn, the hash in every log line; the next turn takes the new",
    seen: `${mixed} mixed, ${answered} of ${ended.length} running turns answered by their agent, the next one by the new; ${unnamed + misnamed} of ${logged().length} lines of the log without the hash, or with another one`,
    reached: mixed + unnamed + misnamed === 0 && answered === ended.length,
  });
  expect([mixed, answered]).toEqual([0, 20]);
  expect([unnamed, misnamed]).toEqual([0, 0]);
});

/** What the log says of a turn, and of which snapshot of the routings it was. */
interface LoggedTurn {
  readonly turnId: string;
  readonly snapshot: string;
}

const loggedTurnSchema = z.object({
  msg: z.literal("A turn ended"),
  turnId: z.string(),
  snapshot: z.string().default(""),
});

function loggedTurnOf(line: string): LoggedTurn | undefined {
  try {
    return loggedTurnSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // a warning of Node's
  }
}

test("D18 a conversation whose agent is removed goes on with another, or is told", async () => {
  using channels = await writeRoutedChannels(agent.port);
  await using runtime = await startRuntimeProcess({
    routings: { kind: "file", path: channels.path },
    embedding: { kind: "static" },
  });
  const say = async (content: string, explicit?: string) => {
    const call = { port: runtime.port, turnId: `d18r-${performance.now()}`, content, agent: explicit };
    return sendPatiently({ ...call, tenant: "vector", conversation: "removed", explain: true });
  };
  const message = "where is my parcel?";
  const before = await say(message);
  channels.remove("order-agent");
  await expect.poll(async () => (await say(message, "order-agent")).status, { timeout: 10_000 }).toBe(404);
  const after = await say(message);
  const [first, next] = [before, after].map(({ headers }) => headers["x-lmos-agent"]);
  figure({
    row: "D18",
    fault: "the agent of a conversation is removed",
    asked: "the next turn is routed anew; who insists on it is told",
    seen: `${first}, then ${after.headers["x-lmos-decision"]} ${next ?? "(no agent)"} with ${after.status}; insisting: 404`,
    reached: first === "order-agent" && after.status === 200 && next !== "order-agent",
  });
  expect(first).toBe("order-agent");
  expect(after.status).toBe(200);
  expect(next).not.toBe("order-agent");
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

test("D20 with the operator behind, empty or gone, turns go on with the last routings", {
  timeout: outageMs + 60_000,
}, async () => {
  const operator = await startOperator();
  await using runtime = await startRuntimeProcess({ routings: { kind: "operator", url: operator.url } });
  const call = (name: string) =>
    sendPatiently({ port: runtime.port, turnId: `d20-${name}`, content: "hello" });
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
  figure({
    row: "D20",
    fault: "the operator offers older routings, none, errors, and is gone",
    asked: "0 failed turns in a 10 min outage",
    seen: `${failed(outcomes)} of ${outcomes.length} failed in ${outageMs / 1000} s, ${misled} followed an older routing; the metric of their age said ${age.toFixed(0)} s`,
    reached: failed(outcomes) + misled === 0 && outageMs >= 600_000,
  });
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
  figure({
    row: "D21",
    fault: "more turns than the heap holds",
    asked: "sheds above 85 % of the heap, health <= 1 s, no OOM kill",
    seen: `${all.length} turns held, ${refused} refused, health within ${slowest.toFixed(0)} ms, well again afterwards`,
    reached: refused > 0 && slowest <= 1000,
  });
  expect(refused).toBeGreaterThan(0);
  expect(slowest).toBeLessThan(1000);
});

/** Sends turns and asks for health until a turn is refused. */
async function whenRefused(runtime: RuntimeProcess, name: string, disturb: () => Promise<void>) {
  const startedAt = performance.now();
  let slowest = 0;
  for (let turn = 0; performance.now() - startedAt < 30_000; turn++) {
    await disturb();
    const askedAt = performance.now();
    const health = await fetch(`http://127.0.0.1:${runtime.port}/livez`);
    slowest = Math.max(slowest, performance.now() - askedAt);
    expect(health.status).toBe(200);
    const { status } = await sendTurn({ port: runtime.port, turnId: `${name}-${turn}`, content: "hello" });
    if (status === 503) return { afterMs: performance.now() - startedAt, slowest };
    expect(status).toBe(200);
  }
  throw new Error("no turn was refused within 30 s");
}

async function whenWell({ port }: RuntimeProcess): Promise<number> {
  const startedAt = performance.now();
  const send = () => sendTurn({ port, turnId: `well-${performance.now()}`, content: "hello" });
  await expect.poll(async () => (await send()).status, { timeout: 30_000, interval: 200 }).toBe(200);
  return performance.now() - startedAt;
}

test("D21 a process whose event loop is late takes no new turns, and takes them again", async () => {
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] } });
  // A few turns are let in whatever the loop does, as they cannot be what makes it late: these are those.
  const held = new AbortController();
  const few = Array.from({ length: 8 }, (_, turn) =>
    sendTurn({ port: runtime.port, turnId: `d21-held-${turn}`, content: "!hang", signal: held.signal }),
  );
  const { afterMs, slowest } = await whenRefused(runtime, "d21-lag", async () => {
    runtime.block(400);
    await sleep(50);
  });
  held.abort();
  await Promise.allSettled(few);
  const wellMs = await whenWell(runtime);
  figure({
    row: "D21",
    fault: "the event loop is blocked for 400 ms again and again",
    asked: "sheds at lag p99 > 200 ms, health <= 1 s",
    seen: `refused after ${(afterMs / 1000).toFixed(1)} s, health within ${slowest.toFixed(0)} ms, well again ${(wellMs / 1000).toFixed(1)} s after the last`,
    reached: slowest <= 1000,
  });
  expect(slowest).toBeLessThan(1500); // one block, and the machine's own business
  expect(wellMs).toBeLessThan(15_000);
});

test("D21 a process with nearly all of its files open takes no new turns, and tells its health", async () => {
  const maxFiles = 128;
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] }, maxFiles });
  const open: Socket[] = [];
  const { afterMs, slowest } = await whenRefused(runtime, "d21-files", async () => {
    const socket = connect(runtime.port, "127.0.0.1").on("error", () => undefined);
    open.push(socket);
    await sleep(50);
  });
  const connections = open.length;
  for (const socket of open) socket.destroy();
  const wellMs = await whenWell(runtime);
  figure({
    row: "D21",
    fault: `connections use up ${maxFiles} files`,
    asked: "sheds above 85 % of them, health <= 1 s",
    seen: `refused after ${(afterMs / 1000).toFixed(1)} s with ${connections} connections, health within ${slowest.toFixed(0)} ms, well again ${(wellMs / 1000).toFixed(1)} s after they were closed`,
    reached: connections < maxFiles && slowest <= 1000,
  });
  expect(connections).toBeLessThan(maxFiles);
  expect(slowest).toBeLessThan(1500);
});
