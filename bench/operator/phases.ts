/** What is done to an operator, one phase after the other, and what is measured of it. */
import { setTimeout as sleep } from "node:timers/promises";
import { isKubeError, type KubeClient, type ResourceType } from "@lmos/kube";
import { agentKind, channelKind } from "@lmos/resources";
import type { FreshServer } from "../kube/measure-servers.ts";
import type { Observer } from "./observer.ts";
import { type OperatorProcess, startOperatorProcess, type Usage } from "./operator.ts";
import {
  capabilitiesOf,
  type Manifest,
  namespace,
  requirementsOf,
  sharedCapability,
  type World,
} from "./world.ts";

const { signal } = new AbortController();
const inFlight = 10;

/** The server that the operator works on. */
export interface MeasuredServer extends Pick<FreshServer, "client" | "processorMs"> {
  readonly kubeconfigPath: string;
}

/** What a phase works with. `operator` is replaced by a restart. */
export interface Bench {
  readonly server: MeasuredServer;
  readonly world: World;
  readonly observer: Observer;
  operator: OperatorProcess;
}

/** What a phase cost. */
export interface Cost {
  /** Changes of objects seen from outside that the benchmark did not make. */
  readonly channelWrites: number;
  readonly agentWrites: number;
  /** Requests of the operator that write objects, also those that change nothing. */
  readonly writeRequests: number;
  /** Requests of the operator that write events. */
  readonly eventRequests: number;
  readonly lists: number;
  readonly cpuMs: number;
  readonly serverCpuMs: number;
  readonly residentMiB: number;
}

/** Does something and tells what it cost until the operator was quiet again. `own` are the benchmark's own writes. */
export async function costOf<R>(
  bench: Bench,
  own: { readonly agents?: number; readonly channels?: number },
  work: () => Promise<R>,
): Promise<R & Cost> {
  const before = bench.observer.changes();
  const usedBefore = await bench.operator.usage();
  const serverBefore = bench.server.processorMs();
  const result = await work();
  await bench.operator.whenQuiet();
  const after = bench.observer.changes();
  const used = await bench.operator.usage();
  return {
    ...result,
    channelWrites: after.channels + after.routings - before.channels - before.routings - (own.channels ?? 0),
    agentWrites: after.agents - before.agents - (own.agents ?? 0),
    ...difference(used, usedBefore),
    serverCpuMs: bench.server.processorMs() - serverBefore,
    residentMiB: used.residentMiB,
  };
}

function difference(
  after: Usage,
  before: Usage,
): Pick<Cost, "writeRequests" | "eventRequests" | "lists" | "cpuMs"> {
  return {
    writeRequests: after.writes - before.writes,
    eventRequests: after.events - before.events,
    lists: after.lists - before.lists,
    cpuMs: after.cpuMs - before.cpuMs,
  };
}

/** Applies manifests, ten at a time. */
export async function applyAll(client: KubeClient, manifests: readonly Manifest[]): Promise<void> {
  const waiting = manifests.values();
  const apply = async (): Promise<void> => {
    for (const manifest of waiting) await applyOne(client, manifest);
  };
  await Promise.all(Array.from({ length: inFlight }, apply));
}

/** A server that is far behind takes it when it comes to it: how late everything is, is what is measured. */
async function applyOne(client: KubeClient, manifest: Manifest): Promise<void> {
  const options = { fieldManager: "bench", force: true, signal };
  for (;;) {
    try {
      await client.apply(typeOf(manifest), manifest, options);
      return;
    } catch (error) {
      if (!isKubeError(error, "Timeout")) throw error;
    }
  }
}

function typeOf({ kind }: Manifest): ResourceType {
  return kind === "Agent" ? agentKind : channelKind;
}

/** All agents and channels, before any operator runs. */
export function firstManifests(world: World): readonly Manifest[] {
  const { agents, channels } = world.scale;
  return [
    ...numbers(agents).map((at) => world.agent(`agent-${at}`, capabilitiesOf(at, world.scale))),
    ...numbers(channels).map((at) => world.channel(`channel-${at}`, requirementsOf(at, world.scale))),
  ];
}

/** An operator is started on a server that holds all agents and channels and nothing of its own. */
export async function coldStart({ observer, world, server }: Omit<Bench, "operator">) {
  const startedAt = performance.now();
  const right = observer.whenRight(world.channels);
  const operator = await startOperatorProcess(server.kubeconfigPath);
  const readyMs = performance.now() - startedAt;
  const { firstAt, lastAt } = await right;
  const quietAt = await operator.whenQuiet();
  const { cpuMs, residentMiB, writes } = await operator.usage();
  return {
    operator,
    figures: {
      ...{ readyMs, firstMs: firstAt - startedAt, allMs: lastAt - startedAt, quietMs: quietAt - startedAt },
      ...{ cpuMs, residentMiB, writes },
    },
  };
}

/** A hundred channels come at once. */
export function manyChannels(bench: Bench) {
  const { world, observer } = bench;
  const { client } = bench.server;
  const manifests = numbers(100).map((at) => {
    const required = requirementsOf(at * 3 + 1, world.scale);
    return world.channel(`more-${at}`, required);
  });
  return costOf(bench, { channels: manifests.length }, async () => {
    const startedAt = performance.now();
    const right = observer.whenRight(manifests.map(({ metadata }) => metadata.name));
    await applyAll(client, manifests);
    const { lastAt } = await right;
    return { ms: lastAt - startedAt };
  });
}

/** The agent that all channels are wired to gets a new version. */
export function sharedAgent(bench: Bench) {
  const { world, observer } = bench;
  const { client } = bench.server;
  return costOf(bench, { agents: 1 }, async () => {
    const edited = world.edited("agent-0");
    const right = observer.whenRight(world.channels);
    const startedAt = performance.now();
    await applyAll(client, [edited]);
    const { lastAt } = await right;
    return { ms: lastAt - startedAt, routings: world.channels.length };
  });
}

/** One agent after the other gets a new version that one or two channels use. */
export function singleEdits(bench: Bench, edits: number) {
  return costOf(bench, { agents: edits }, async () => {
    const latencies: number[] = [];
    for (const at of numbers(edits)) latencies.push(await editOne(bench, at));
    return summary(latencies);
  });
}

/** Edits at a steady rate, whether or not the earlier ones are done. */
export async function steadyEdits(bench: Bench, { perSecond, seconds }: Rate) {
  const before = await bench.operator.usage();
  const edits = perSecond * seconds;
  const result = await costOf(bench, { agents: edits }, async () => {
    const startedAt = performance.now();
    const running: Promise<number>[] = [];
    for (const at of numbers(edits)) {
      await sleep(Math.max(0, startedAt + (at * 1000) / perSecond - performance.now()));
      running.push(editOne(bench, at));
    }
    const sentMs = performance.now() - startedAt;
    const latencies = await Promise.all(running);
    const allMs = performance.now() - startedAt;
    return {
      ...summary(latencies),
      sentMs,
      behindMs: allMs - sentMs,
      convergedPerSecond: (edits / allMs) * 1000,
    };
  });
  return { ...result, residentBeforeMiB: before.residentMiB, seconds, perSecond };
}

/** Edits a second, for so many seconds. */
export interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

async function editOne({ server, world, observer }: Bench, at: number): Promise<number> {
  const channel = at % world.scale.channels;
  const edited = world.edited(`agent-${1 + (channel % (world.scale.channels - 1))}`);
  const right = observer.whenRight([`channel-${1 + (channel % (world.scale.channels - 1))}`]);
  const startedAt = performance.now();
  await applyAll(server.client, [edited]);
  return (await right).lastAt - startedAt;
}

/** An annotation of the agent that all channels are wired to is touched. */
export function annotation(bench: Bench) {
  return costOf(bench, { agents: 1 }, async () => {
    const body = { metadata: { annotations: { touched: String(performance.now()) } } };
    await bench.server.client.patch(
      agentKind,
      { namespace, name: "agent-0" },
      { kind: "merge", body },
      { signal },
    );
    await sleep(1000);
    return {};
  });
}

/** A hundred channels wait for a hundred agents, which then come. */
export async function lateAgents(bench: Bench) {
  const { world, observer } = bench;
  const { client } = bench.server;
  const count = 100;
  const channels = numbers(count).map((at) => {
    const own = numbers(4).map((which) => `late-${((at + which) % count) * 4 + which}`);
    return world.channel(`waiting-${at}`, [...own, sharedCapability]);
  });
  await applyAll(client, channels);
  await bench.operator.whenQuiet();
  const names = channels.map(({ metadata }) => metadata.name);
  const agents = numbers(count).map((at) =>
    world.agent(
      `late-${at}`,
      numbers(4).map((which) => `late-${at * 4 + which}`),
    ),
  );
  const result = await costOf(bench, { agents: count }, async () => {
    const startedAt = performance.now();
    const right = observer.whenRight(names);
    await applyAll(client, agents);
    const { lastAt } = await right;
    await sleep(2500); // a status that says how far the wait has come may follow
    return { ms: lastAt - startedAt };
  });
  return {
    ...result,
    writesPerChannel: result.channelWrites / count,
    unresolved: observer.unresolved(names),
  };
}

/** The operator is killed and started again; nothing has changed. */
export async function restart(bench: Bench) {
  await bench.operator[Symbol.asyncDispose]();
  const before = bench.observer.changes();
  const startedAt = performance.now();
  bench.operator = await startOperatorProcess(bench.server.kubeconfigPath);
  const readyMs = performance.now() - startedAt;
  const quietMs = (await bench.operator.whenQuiet()) - startedAt;
  const after = bench.observer.changes();
  const { writes, lists, cpuMs, residentMiB } = await bench.operator.usage();
  const changes =
    after.agents + after.channels + after.routings - before.agents - before.channels - before.routings;
  return { readyMs, quietMs, changes, writeRequests: writes, lists, cpuMs, residentMiB };
}

/** Nothing happens. */
export async function rest(bench: Bench, seconds: number) {
  const before = bench.observer.changes();
  const used = await bench.operator.usage();
  await sleep(seconds * 1000);
  const after = bench.observer.changes();
  const now = await bench.operator.usage();
  return {
    seconds,
    cpuPercent: (now.cpuMs - used.cpuMs) / seconds / 10,
    changes:
      after.agents + after.channels + after.routings - before.agents - before.channels - before.routings,
    writeRequests: now.writes - used.writes,
    events: now.events - used.events,
    listsPerMinute: ((now.lists - used.lists) / seconds) * 60,
    residentMiB: now.residentMiB,
    heapMiB: now.heapMiB,
  };
}

function summary(latencies: readonly number[]) {
  const sorted = latencies.toSorted((left, right) => left - right);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), edits: latencies.length };
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at);
}
