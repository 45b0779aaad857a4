/**
 * Everything at once: agents that break in every way, runtimes that stop, hang and are killed behind a balancer, routings
 * that change, are emptied and spoilt, clients that leave or read nothing, and less room than clients. Three ledgers must
 * agree: no turn is lost, none ends twice, none is answered that its agent did not answer.
 * `LMOS_CHAOS_SECONDS=600` makes it the row's ten minutes; without it, it is twenty seconds.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lmos/testing";
import { expect, test } from "vitest";
import { type Balancer, startBalancer } from "./harness/balancer.ts";
import { openStalled, type ReadEvent, readStream, type StreamCall } from "./harness/event-reader.ts";
import { figure } from "./harness/figures.ts";
import { fileRoutingTo } from "./harness/file-routing.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";

const chaosMs = Number(process.env["LMOS_CHAOS_SECONDS"] ?? 20) * 1000;
const clients = 16;
/** Each runtime has room for a few turns less than there may be. */
const limits = {
  ...{ firstResultMs: 1500, betweenResultsMs: 1500, stalledReaderMs: 2000 },
  ...{ maxConcurrentTurns: 10, minConcurrentTurns: 10 },
};
/** A client sends a turn again, under its id, until it is answered; after this time it is lost. */
const patienceMs = 30_000;

/** What one client knows of one turn. */
interface ClientTurn {
  readonly turnId: string;
  readonly tries: number;
  /** How often each try ended: `turn-end` and `error` events, of which there may be one at most. */
  readonly endsPerTry: readonly number[];
  readonly answered: boolean;
  readonly left: boolean;
  /** The answer was not the agent's to this turn. */
  readonly wrong: boolean;
}

interface World {
  readonly agents: readonly ScriptedAgent[];
  readonly balancer: Balancer;
  readonly runtimes: RuntimeProcess[];
  readonly random: SeededRandom;
  /** The file that every other runtime takes its routings from. */
  readonly routingsPath: string;
}

async function sendTurn({ balancer, random }: World, turnId: string): Promise<ClientTurn> {
  const endsPerTry: number[] = [];
  const left = random.next() < 0.05;
  const givesUpAt = performance.now() + patienceMs;
  for (let tries = 1; ; tries++) {
    const content = `!moody ${Math.floor(random.next() * 6)}`;
    const maxBytes = left ? 400 + Math.floor(random.next() * 400) : Number.POSITIVE_INFINITY;
    const events = await readStream({ port: balancer.port, turnId, content }, maxBytes);
    endsPerTry.push(events.filter(({ kind }) => kind === "turn-end" || kind === "error").length);
    const answered = events.at(-1)?.kind === "turn-end";
    const message = events.find(({ kind }) => kind === "message")?.data ?? "";
    const wrong = answered && !message.includes(`answer to ${turnId}"`);
    const isLost = performance.now() > givesUpAt;
    if (answered || left || isLost) return { turnId, tries, endsPerTry, answered, left, wrong };
    await sleep(50 + random.next() * 200);
  }
}

async function runClient(world: World, name: number, until: number): Promise<readonly ClientTurn[]> {
  const turns: ClientTurn[] = [];
  while (performance.now() < until) turns.push(await sendTurn(world, `chaos-${name}-${turns.length}`));
  return turns;
}

const ports = (world: World): readonly number[] => world.runtimes.map(({ port }) => port);

async function replace(world: World, end: "stop" | "kill"): Promise<void> {
  const index = Math.floor(world.random.next() * world.runtimes.length);
  const runtime = world.runtimes[index];
  if (runtime === undefined) return;
  if (end === "stop") world.balancer.serve(ports(world).filter((port) => port !== runtime.port));
  await runtime[end]();
  world.runtimes[index] = await startRuntime(world, index);
  world.balancer.serve(ports(world));
}

/** The first is told of two endpoints of one agent, the second takes its routings from a file. */
function startRuntime(
  { agents, routingsPath }: Pick<World, "agents" | "routingsPath">,
  index: number,
): Promise<RuntimeProcess> {
  if (index === 0) return startRuntimeProcess({ agents: { agent: agents.map(({ port }) => port) }, limits });
  return startRuntimeProcess({ routings: { kind: "file", path: routingsPath }, limits });
}

function writeRoutings({ routingsPath }: Pick<World, "routingsPath">, text: string): void {
  writeFileSync(`${routingsPath}.new`, text);
  renameSync(`${routingsPath}.new`, routingsPath);
}

/** For longer than a runtime takes to look. One that starts then would refuse to. */
async function spoil(world: World, text: string): Promise<void> {
  writeRoutings(world, text);
  await sleep(1500);
  writeRoutings(world, fileRoutingTo(`127.0.0.1:${oneAgent(world)?.port}`));
}

/** Reads nothing for longer than a reader may. */
async function stall({ balancer, random }: World): Promise<void> {
  const turnId = `stalled-${Math.floor(random.next() * 1e9)}`;
  const socket = openStalled({ port: balancer.port, turnId, content: "!flood 64" });
  await sleep(1000);
  setTimeout(() => socket.destroy(), 2 * limits.stalledReaderMs);
}

type Fault = { readonly name: string; readonly cause: (world: World) => Promise<void> };
const oneAgent = ({ agents, random }: World): ScriptedAgent | undefined =>
  agents[Math.floor(random.next() * agents.length)];
const faults: readonly Fault[] = [
  { name: "agent cuts all", cause: async (world) => oneAgent(world)?.dropAll() },
  {
    name: "agent refuses",
    cause: async (world) => {
      const agent = oneAgent(world);
      agent?.refuse("503 Service Unavailable");
      agent?.dropAll();
      await sleep(500);
      agent?.refuse(undefined);
    },
  },
  { name: "runtime killed", cause: (world) => replace(world, "kill") },
  { name: "runtime stopped", cause: (world) => replace(world, "stop") },
  {
    name: "runtime blocked",
    cause: async ({ runtimes, random }) =>
      runtimes[Math.floor(random.next() * runtimes.length)]?.block(300 + random.next() * 700),
  },
  {
    name: "routings change",
    cause: async (world) => writeRoutings(world, fileRoutingTo(`127.0.0.1:${oneAgent(world)?.port}`)),
  },
  { name: "routings emptied", cause: (world) => spoil(world, '{"channelRoutings":[]}') },
  { name: "routings spoilt", cause: (world) => spoil(world, "{{{") },
  { name: "reader stalled", cause: stall },
];

async function causeFaults(world: World, until: number): Promise<ReadonlyMap<string, number>> {
  const caused = new Map<string, number>();
  for (let next = 0; performance.now() < until - 5000; next++) {
    const fault = faults[next % faults.length];
    if (fault === undefined) break;
    await fault.cause(world);
    caused.set(fault.name, (caused.get(fault.name) ?? 0) + 1);
    await sleep(300 + world.random.next() * 700);
  }
  return caused;
}

test("a mixed run of faults loses no turn and ends none twice", { timeout: chaosMs + 90_000 }, async () => {
  const agents = [await startScriptedAgent(), await startScriptedAgent()];
  const folder = mkdtempSync(join(tmpdir(), "lmos-chaos-"));
  const known = { agents, routingsPath: join(folder, "routings.json") };
  writeRoutings(known, fileRoutingTo(`127.0.0.1:${agents[0]?.port}`));
  const runtimes = await Promise.all([startRuntime(known, 0), startRuntime(known, 1)]);
  const balancer = await startBalancer(runtimes.map(({ port }) => port));
  const world: World = { ...known, balancer, runtimes, random: new SeededRandom(7) };
  const until = performance.now() + chaosMs;
  const chaos = causeFaults(world, until);
  const turns = (
    await Promise.all(Array.from({ length: clients }, (_, name) => runClient(world, name, until)))
  ).flat();
  const caused = await chaos;

  const lost = turns.filter(({ answered, left }) => !answered && !left).length;
  const doubleEnded = turns.filter(({ endsPerTry }) => endsPerTry.some((ends) => ends > 1)).length;
  const wrong = turns.filter((turn) => turn.wrong).length;
  const triesOf = new Map(turns.map(({ turnId, tries }) => [turnId, tries]));
  const askedOf = new Map<string, number>();
  for (const { ledger } of agents) {
    for (const turnId of ledger.asked) askedOf.set(turnId, (askedOf.get(turnId) ?? 0) + 1);
  }
  const overAsked = [...askedOf].filter(([turnId, times]) => times > (triesOf.get(turnId) ?? 1)).length;
  const active = await Promise.all(runtimes.map(activeTurns));
  const tries = turns.reduce((sum, turn) => sum + turn.tries, 0);
  const caughtUp = `${turns.filter((turn) => turn.tries > 1).length} sent again, ${turns.filter(({ left }) => left).length} left by their clients`;
  const total = [...caused.values()].reduce((sum, times) => sum + times, 0);
  figure({
    row: "chaos",
    fault: `${caused.size} kinds of faults among runtimes, routings and clients, and one of six at the agent for each tenth turn`,
    asked:
      "10 min: lost 0, ended twice 0, answers of others 0, asked more often than sent 0, running afterwards 0",
    seen: `${turns.length} turns (${caughtUp}, ${tries} tries) in ${chaosMs / 1000} s: lost ${lost}, ended twice ${doubleEnded}, answers of others ${wrong}, asked more often ${overAsked}, running ${active.join(" + ")}; ${total} faults: ${[...caused].map(([name, times]) => `${name} ${times}`).join(", ")}`,
    reached: lost + doubleEnded + wrong + overAsked + Math.max(...active) === 0 && chaosMs >= 600_000,
  });
  for (const part of [balancer, ...runtimes, ...agents]) await part[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
  expect([lost, doubleEnded, wrong, overAsked]).toEqual([0, 0, 0, 0]);
  expect(active.every((count) => count === 0)).toBe(true);
});

/** The runtime's own ledger: turns that it still runs, a moment after the last client has gone. */
async function activeTurns({ port }: RuntimeProcess): Promise<number> {
  await sleep(500);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^lmos_turns_active (\d+)/m.exec(text)?.[1]);
}

test("D17 behind a balancer, a killed runtime costs one re-send of what was in flight there", async () => {
  const agents = [await startScriptedAgent()];
  const ports = { agent: agents.map(({ port }) => port) };
  const [first, second] = await Promise.all([
    startRuntimeProcess({ agents: ports }),
    startRuntimeProcess({ agents: ports }),
  ]);
  const balancer = await startBalancer([first.port, second.port]);
  const before = await Promise.all(
    Array.from({ length: 40 }, async (_, turn): Promise<number> => {
      const call = { port: balancer.port, turnId: `d17b-${turn}`, content: "!wait 1500" };
      const events = await readOnceBegun(call);
      if (events.at(-1)?.kind === "turn-end") return 1;
      const again = await readOnceBegun(call);
      return again.at(-1)?.kind === "turn-end" ? 2 : 99;
    }).concat(killWhenAsked(first, agents[0], 40)),
  );
  const cut = before.filter((tries) => tries === 2).length;
  const lost = before.filter((tries) => tries === 99).length;
  figure({
    row: "D17",
    fault: "SIGKILL of one of two behind a plain TCP balancer, 40 turns in flight",
    asked: "lost 0 after one re-send; cut is what was in flight there",
    seen: `${cut} cut, ${lost} lost`,
    reached: lost === 0 && cut <= 25,
  });
  for (const part of [balancer, first, second, ...agents]) await part[Symbol.asyncDispose]();
  expect(lost).toBe(0);
  expect(cut).toBeGreaterThan(0);
  expect(cut).toBeLessThanOrEqual(25);
});

/** A turn that did not begin was refused, as a busy machine may do, and told to come back: that is no re-send. */
async function readOnceBegun(call: StreamCall): Promise<readonly ReadEvent[]> {
  for (let tries = 0; tries < 10; tries++) {
    const events = await readStream(call);
    if (events.length > 0) return events;
    await sleep(1000);
  }
  return [];
}

async function killWhenAsked(
  runtime: RuntimeProcess,
  agent: ScriptedAgent | undefined,
  turns: number,
): Promise<number> {
  await expect
    .poll(() => agent?.ledger.asked.length ?? 0, { interval: 10, timeout: 10_000 })
    .toBeGreaterThanOrEqual(turns);
  await runtime.kill();
  return 0;
}
