/**
 * Rows D19 and D20 with routings and canary releases from an API server in a process of its own.
 * `LMOS_CANARY_CONVERSATIONS=100000` and `LMOS_OUTAGE_SECONDS=600` make them the rows' sizes.
 */
import type { KubeClient, KubeObject, ResourceType } from "@lmos/kube";
import { apiVersion, channelRolloutKind, channelRoutingKind } from "@lmos/resources";
import { afterAll, beforeAll, expect, test } from "vitest";
import { goesToCanary } from "../../packages/runtime/src/routing/rollouts.ts";
import { directClient } from "../faults/harness/access.ts";
import { type RestartableServer, startEmbedded } from "../faults/harness/restartable-servers.ts";
import { applyDefinitions } from "../operator/harness/definitions.ts";
import { figure } from "./harness/figures.ts";
import { routingObject } from "./harness/file-routing.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./harness/runtime-process.ts";
import { type ScriptedAgent, startScriptedAgent } from "./harness/scripted-agent.ts";
import { sendPatiently, type TurnOutcome } from "./harness/turns.ts";

const conversations = Number(process.env["LMOS_CANARY_CONVERSATIONS"] ?? 22_000);
/** Of them, those that are asked again. */
const again = Math.min(conversations, 2000);
const outageMs = Number(process.env["LMOS_OUTAGE_SECONDS"] ?? 10) * 1000;
const callers = 16;
const { signal } = new AbortController();

let server: RestartableServer;
let client: KubeClient;
let stable: ScriptedAgent;
let canary: ScriptedAgent;

beforeAll(async () => {
  server = await startEmbedded();
  client = directClient(server);
  stable = await startScriptedAgent();
  canary = await startScriptedAgent();
  await applyDefinitions(client);
  await apply(channelRoutingKind, routingFor("stable", stable));
  await apply(channelRoutingKind, routingFor("canary", canary));
});

afterAll(async () => {
  for (const part of [server, stable, canary]) await part[Symbol.asyncDispose]();
});

function apply(type: ResourceType, object: KubeObject): Promise<KubeObject> {
  return client.apply(type, object, { fieldManager: "suite", force: true, signal });
}

/** Named `acme-web-stable` and `acme-web-canary`, as their Channels would be. */
function routingFor(subset: string, { port }: ScriptedAgent): KubeObject {
  const { metadata, spec } = routingObject({ agents: { agent: `127.0.0.1:${port}` }, subset });
  const { name, labels } = metadata;
  const capabilityGroups = spec.capabilityGroups.map((group) => ({
    ...{ id: group.name, description: "", ...group },
    capabilities: group.capabilities.map((each) => ({
      ...{ id: each.name, description: "", requiredVersion: ">=1.0.0" },
      ...each,
    })),
  }));
  return {
    ...{ apiVersion, kind: "ChannelRouting", metadata: { name, namespace: "default", labels } },
    ...{ spec: { capabilityGroups } },
  };
}

const rolloutKey = { namespace: "default", name: "acme-web" };

function setWeight(weight: number): Promise<KubeObject> {
  const stableChannel = { name: "acme-web-stable", weight: 100 - weight };
  const canaryChannel = { name: "acme-web-canary", weight };
  return apply(channelRolloutKind, {
    ...{ apiVersion, kind: "ChannelRollout", metadata: rolloutKey },
    ...{ spec: { strategy: { canary: { stableChannel, canaryChannel } } } },
  });
}

function startRuntime(): Promise<RuntimeProcess> {
  const limits = { conversations: 2 * conversations };
  return startRuntimeProcess({ routings: { kind: "kubernetes", server }, limits });
}

let rounds = 0;
/** One turn in each of the conversations; those that went to the canary. */
async function sidesOf(
  { port }: RuntimeProcess,
  count: number,
  prefix = "c",
): Promise<{ readonly onCanary: ReadonlySet<number>; readonly failed: number }> {
  const round = rounds++;
  let next = 0;
  let failed = 0;
  const caller = async (): Promise<void> => {
    for (let each = next++; each < count; each = next++) {
      const call = { port, turnId: `${round}/${each}`, conversation: `${prefix}${each}`, content: "hello" };
      if ((await sendPatiently(call)).status !== 200) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const mine = canary.ledger.asked.filter((turnId) => turnId.startsWith(`${round}/`));
  return { onCanary: new Set(mine.map((turnId) => Number(turnId.split("/")[1]))), failed };
}

const countWhere = (set: ReadonlySet<number>, where: (each: number) => boolean): number =>
  [...set].filter(where).length;
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Resolves with how long it took until new conversations are divided by that weight (0 or not). */
async function whenDivided(runtime: RuntimeProcess, isDivided: boolean): Promise<number> {
  const startedAt = performance.now();
  for (let probe = 0; performance.now() - startedAt < 20_000; probe++) {
    const { onCanary } = await sidesOf(runtime, 40, `probe-${startedAt}-${probe}-`);
    if (onCanary.size > 0 === isDivided) return performance.now() - startedAt;
  }
  throw new Error("the rollout is not followed");
}

test("D19 a canary release divides by its weight, moves nobody who has begun, and ends at once", {
  timeout: 600_000,
}, async () => {
  await using runtime = await startRuntime();
  const { uid = "" } = (await setWeight(25)).metadata;
  await whenDivided(runtime, true);
  const first = await sidesOf(runtime, conversations);
  const rollout = { uid, weight: 25, canary: { tenant: "acme", channel: "web", subset: "canary" } };
  const misplaced = Array.from({ length: conversations }, (_, each) => each).filter(
    (each) => goesToCanary(rollout, `c${each}`) !== first.onCanary.has(each),
  ).length;
  const split = first.onCanary.size / conversations;
  await setWeight(50);
  await using forgetful = await startRuntime(); // by hash alone: it has never seen these conversations
  const raised = await sidesOf(runtime, again);
  const moved = countWhere(raised.onCanary, (each) => !first.onCanary.has(each));
  const back = countWhere(first.onCanary, (each) => each < again && !raised.onCanary.has(each));
  const hashed = await sidesOf(forgetful, again);
  const hashedBack = countWhere(first.onCanary, (each) => each < again && !hashed.onCanary.has(each));
  const hashedMoved = countWhere(hashed.onCanary, (each) => !first.onCanary.has(each)) / again;
  await client.delete(channelRolloutKind, rolloutKey, { signal });
  const endedAt = performance.now();
  let drainedMs = 0;
  let left = 1;
  while (left > 0 && performance.now() - endedAt < 10_000) {
    left = (await sidesOf(runtime, 100)).onCanary.size;
    drainedMs = performance.now() - endedAt;
  }
  const afterwards = await sidesOf(runtime, again);
  const failed = [first, raised, hashed, afterwards].reduce((sum, each) => sum + each.failed, 0);
  figure({
    row: "D19",
    fault: `25 %, then 50 % of ${conversations} conversations, then aborted`,
    asked:
      "split ±1 %; 0 of those that have begun moved by a weight; by hash only the difference moves, none back; abort: 100 % on stable <= 1 s",
    seen: `${percent(split)} at 25 %, ${misplaced} of them not where their hash puts them; ${moved + back} of ${again} moved; by hash alone ${percent(hashedMoved)} moved, ${hashedBack} back; aborted: ${afterwards.onCanary.size} on the canary, the first 100 back after ${(drainedMs / 1000).toFixed(2)} s; ${failed} turns failed`,
    reached:
      Math.abs(split - 0.25) <= 0.01 &&
      misplaced + moved + back + hashedBack + afterwards.onCanary.size + failed === 0 &&
      drainedMs <= 1000,
  });
  const deviation = Math.sqrt((0.25 * 0.75) / conversations);
  expect(Math.abs(split - 0.25)).toBeLessThan(Math.max(0.01, 4 * deviation));
  expect(misplaced).toBe(0);
  expect([moved, back, hashedBack, afterwards.onCanary.size, failed]).toEqual([0, 0, 0, 0, 0]);
  expect(Math.abs(hashedMoved - 0.25)).toBeLessThan(0.05);
  expect(drainedMs).toBeLessThan(5000);
});

test("D19 conversations of a canary that is removed go on with stable", async () => {
  await using runtime = await startRuntime();
  await setWeight(100);
  await whenDivided(runtime, true);
  const before = await sidesOf(runtime, 200, "removed-");
  const key = { namespace: "default", name: "acme-web-canary" };
  await client.delete(channelRoutingKind, key, { signal });
  const removedAt = performance.now();
  let left = 200;
  let failed = 0;
  while (left > 0 && performance.now() - removedAt < 10_000) {
    const now = await sidesOf(runtime, 200, "removed-");
    left = now.onCanary.size;
    failed += now.failed;
  }
  const movedMs = performance.now() - removedAt;
  figure({
    row: "D19",
    fault: "the canary is removed",
    asked: "100 % of its conversations move, <= 1 s",
    seen: `${before.onCanary.size} of 200 were on it, ${left} after ${(movedMs / 1000).toFixed(2)} s; ${failed} turns failed`,
    reached: before.onCanary.size === 200 && left + failed === 0 && movedMs <= 1000,
  });
  expect(before.onCanary.size).toBe(200);
  expect([left, failed]).toEqual([0, 0]);
  expect(movedMs).toBeLessThan(5000);
});

test("D20 with the API server gone, turns go on; when it is back, changes come through", {
  timeout: outageMs + 60_000,
}, async () => {
  await using runtime = await startRuntime();
  await server.kill();
  const outcomes: TurnOutcome[] = [];
  const send = async (): Promise<void> => {
    const call = { port: runtime.port, turnId: `d20-${outcomes.length}`, content: "hello" };
    outcomes.push(await sendPatiently(call));
  };
  const until = performance.now() + outageMs;
  while (performance.now() < until) {
    await send();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const failed = outcomes.filter(({ status }) => status !== 200).length;
  await server.start();
  await using next = await startScriptedAgent();
  await apply(channelRoutingKind, routingFor("stable", next));
  const startedAt = performance.now();
  while (next.ledger.asked.length === 0 && performance.now() - startedAt < 60_000) await send();
  const throughMs = performance.now() - startedAt;
  figure({
    row: "D20",
    fault: "SIGKILL of the API server, back later",
    asked: "0 failed turns in a 10 min outage",
    seen: `${failed} of ${outcomes.length} failed in ${outageMs / 1000} s; a change came through ${(throughMs / 1000).toFixed(1)} s after it was back`,
    reached: failed === 0 && outageMs >= 600_000,
  });
  expect(failed).toBe(0);
  expect(next.ledger.asked.length).toBeGreaterThan(0);
});
