/** Rows D11 and D12: more load than there is room for, and noisy neighbours. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { figure } from "./harness/figures.ts";
import { startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { percentile, sendTurn, type TurnOutcome } from "./harness/turns.ts";

let agent: ScriptedAgent;

beforeAll(async () => {
  agent = await startScriptedAgent();
});

afterAll(() => agent[Symbol.asyncDispose]());

interface OpenLoad {
  readonly port: number;
  readonly name: string;
  readonly perSecond: number;
  readonly ms: number;
  readonly tenant?: string;
}

/** Turns of 50 ms at the agent, so many a second whatever becomes of them. */
async function openLoad({ port, name, perSecond, ms, ...rest }: OpenLoad): Promise<readonly TurnOutcome[]> {
  const sent: Promise<TurnOutcome>[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < ms) {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    while (sent.length < due) {
      sent.push(sendTurn({ port, turnId: `${name}-${sent.length}`, content: "!wait 50", ...rest }));
    }
    await sleep(5);
  }
  return Promise.all(sent);
}

const ok = (outcomes: readonly TurnOutcome[]): readonly TurnOutcome[] =>
  outcomes.filter(({ status }) => status === 200);

test("D11 three times the load: what is admitted is answered, the rest is told so, and it passes", async () => {
  // twenty places of 50 ms each: room for some 380 turns a second
  const limits = { maxConcurrentTurns: 20, queuedTurns: 5, queueMs: 50 };
  await using runtime = await startRuntimeProcess({ agents: { agent: [agent.port] }, limits });
  const { port } = runtime;
  await openLoad({ port, name: "warm", perSecond: 200, ms: 1000 });
  const calm = await openLoad({ port, name: "calm", perSecond: 120, ms: 2000 });
  const peak = await openLoad({ port, name: "peak", perSecond: 340, ms: 2000 });
  const over = await openLoad({ port, name: "over", perSecond: 1000, ms: 3000 });
  const after = await openLoad({ port, name: "after", perSecond: 120, ms: 2000 });
  const shed = over.filter(({ status }) => status === 503);
  const goodput = ok(over).length / 3 / (ok(peak).length / 2);
  const times = percentile(ok(over), 0.99) / percentile(ok(calm), 0.99);
  figure(
    "D11",
    "goodput 85 % of peak, shed p99 20 ms, admitted p99 2 x unloaded",
    `goodput ${Math.round(goodput * 100)} %, shed p50 ${percentile(shed, 0.5).toFixed(0)} p99 ${percentile(shed, 0.99).toFixed(0)} ms (waits up to 50 ms), admitted p99 ${times.toFixed(1)} x unloaded (${percentile(ok(over), 0.99).toFixed(0)} ms), ${after.length - ok(after).length} of ${after.length} refused afterwards`,
  );
  expect(over.every(({ status }) => status === 200 || status === 503)).toBe(true);
  expect(shed.every(({ retryAfter }) => retryAfter === "1")).toBe(true);
  expect(goodput).toBeGreaterThan(0.85);
  expect(ok(after)).toHaveLength(after.length);
});

test("D12 a tenant that sends ten times its quota hardly slows its neighbour", async () => {
  const limits = { maxConcurrentTurns: 50, tenantTurnsPerSecond: 60 };
  const channels = ["acme", "noisy"];
  await using runtime = await startRuntimeProcess({
    agents: { agent: [agent.port] },
    limits,
    tenants: channels,
  });
  const { port } = runtime;
  await openLoad({ port, name: "warm", perSecond: 50, ms: 1500 });
  const alone = await openLoad({ port, name: "alone", perSecond: 50, ms: 3000 });
  const [victim, noisy] = await Promise.all([
    openLoad({ port, name: "victim", perSecond: 50, ms: 3000 }),
    openLoad({ port, name: "noisy", perSecond: 600, ms: 3000, tenant: "noisy" }),
  ]);
  const refused = noisy.filter(({ status }) => status === 429).length;
  figure(
    "D12",
    "victim's p99 at most 20 % more",
    `p99 ${percentile(alone, 0.99).toFixed(0)} ms alone, ${percentile(victim, 0.99).toFixed(0)} ms beside (p50 ${percentile(alone, 0.5).toFixed(0)}, ${percentile(victim, 0.5).toFixed(0)}), ${refused} of ${noisy.length} noisy turns refused`,
  );
  expect(ok(victim)).toHaveLength(victim.length);
  expect(refused).toBeGreaterThan(noisy.length * 0.8);
});
