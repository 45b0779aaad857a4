/**
 * Everything at once: agents that break, runtimes that stop and are killed behind a balancer, clients that leave. Three
 * ledgers must agree: no turn is lost, none ends twice, none is answered that its agent did not answer.
 * `LMOS_CHAOS_SECONDS=600` makes it the row's ten minutes.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lmos/testing";
import { expect, test } from "vitest";
import { type Balancer, startBalancer } from "./harness/balancer.ts";
import { readStream } from "./harness/event-reader.ts";
import { figure } from "./harness/figures.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";

const chaosMs = Number(process.env["LMOS_CHAOS_SECONDS"] ?? 60) * 1000;
const clients = 12;
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
}

async function sendTurn({ balancer, random }: World, turnId: string): Promise<ClientTurn> {
  const endsPerTry: number[] = [];
  const left = random.next() < 0.05;
  const givesUpAt = performance.now() + patienceMs;
  for (let tries = 1; ; tries++) {
    const content = `!pieces ${Math.floor(random.next() * 6)}`;
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
  world.runtimes[index] = await startRuntime(world.agents);
  world.balancer.serve(ports(world));
}

function startRuntime(agents: readonly ScriptedAgent[]): Promise<RuntimeProcess> {
  return startRuntimeProcess({ agents: { agent: agents.map(({ port }) => port) } });
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
  const runtimes = await Promise.all([startRuntime(agents), startRuntime(agents)]);
  const balancer = await startBalancer(runtimes.map(({ port }) => port));
  const world: World = { agents, balancer, runtimes, random: new SeededRandom(7) };
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
  const overAsked = [...askedOf].filter(([turnId, times]) => times > (triesOf.get(turnId) ?? 0)).length;
  const active = await Promise.all(runtimes.map(activeTurns));
  figure(
    "chaos",
    "lost 0, ended twice 0, answers of others 0, asked more often than sent 0, running afterwards 0",
    `${turns.length} turns in ${chaosMs / 1000} s, lost ${lost}, ended twice ${doubleEnded}, answers of others ${wrong}, asked more often ${overAsked}, running ${active.join("+")}; ${[...caused].map(([name, times]) => `${name} ${times}`).join(", ")}`,
  );
  for (const part of [balancer, ...runtimes, ...agents]) await part[Symbol.asyncDispose]();
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
  const [first, second] = await Promise.all([startRuntime(agents), startRuntime(agents)]);
  const balancer = await startBalancer([first.port, second.port]);
  const before = await Promise.all(
    Array.from({ length: 40 }, async (_, turn): Promise<number> => {
      const call = { port: balancer.port, turnId: `d17b-${turn}`, content: "!wait 1500" };
      const events = await readStream(call);
      if (events.at(-1)?.kind === "turn-end") return 1;
      const again = await readStream(call);
      return again.at(-1)?.kind === "turn-end" ? 2 : 99;
    }).concat(killWhenAsked(first, agents[0], 40)),
  );
  const cut = before.filter((tries) => tries === 2).length;
  const lost = before.filter((tries) => tries === 99).length;
  figure(
    "D17",
    "lost 0 after one re-send, cut what was in flight on one of two",
    `40 turns, ${cut} cut, ${lost} lost`,
  );
  for (const part of [balancer, first, second, ...agents]) await part[Symbol.asyncDispose]();
  expect(lost).toBe(0);
  expect(cut).toBeGreaterThan(0);
  expect(cut).toBeLessThanOrEqual(25);
});

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
