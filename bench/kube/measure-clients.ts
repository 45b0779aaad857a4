/** Both clients against the same kube-apiserver: lists, memory, changes, applies, connections. */
import type { KubeClient } from "@lmos/kube";
import { z } from "zod";
import { type Child, contenderProcess, startChild } from "./child.ts";
import type { Command } from "./contender-process.ts";
import { change, currentVersion } from "./objects.ts";
import { type ProxiedKubeconfig, proxied } from "./proxied.ts";

/** The clients that are compared. */
export type ClientName = "ours" | "client-node";

/** What was measured of one client. */
export interface ClientFigures {
  readonly cacheMs: number;
  readonly objects: number;
  readonly rssMiB: number;
  readonly heapMiB: number;
  readonly emptyRssMiB: number;
  readonly changesPerSecond: number | undefined;
  /** By how many were in flight. */
  readonly applies: ReadonlyMap<number, { readonly perSecond: number; readonly connections: number }>;
}

const cachedSchema = z.object({ ms: z.number(), objects: z.number() });
const memorySchema = z.object({ rssMiB: z.number(), heapMiB: z.number() });

/** How much is measured. */
export interface Sizes {
  readonly seconds: number;
  readonly changes: number;
}

const inFlights = [1, 10, 50];
const rounds = 3;
const names: readonly ClientName[] = ["client-node", "ours"];

/** Both clients in turns, so that what else runs on the machine meets both; the best of three rounds counts. */
export async function measureClients(
  kubeconfigPath: string,
  options: Sizes & { readonly writer: KubeClient },
): Promise<Readonly<Record<ClientName, ClientFigures>>> {
  const caches = await inTurns((name) => measureCache(name, kubeconfigPath));
  await using started = new AsyncDisposableStack();
  const subjects = new Map<ClientName, Subject>();
  for (const name of names) {
    const link = started.use(await proxied(kubeconfigPath, name));
    const child = started.use(await startChild(contenderProcess, [name, link.kubeconfigPath]));
    subjects.set(name, { name, link, child });
  }
  const subjectOf = (name: ClientName): Subject => {
    const subject = subjects.get(name);
    if (subject === undefined) throw new Error(`${name} was not started`);
    return subject;
  };
  const loads = new Map<number, ByClient<Applies>>();
  for (const inFlight of inFlights) {
    const measure = (name: ClientName) => measureApplies(subjectOf(name), { ...options, inFlight });
    loads.set(inFlight, await inTurns(measure));
  }
  const changes = await inTurns((name) => measureChanges(subjectOf(name), options));
  const figuresOf = (name: ClientName): ClientFigures => ({
    ...bestCache(caches[name]),
    changesPerSecond: highest(changes[name]),
    applies: new Map([...loads].map(([inFlight, load]) => [inFlight, bestApplies(load[name])])),
  });
  return { ours: figuresOf("ours"), "client-node": figuresOf("client-node") };
}

interface Subject {
  readonly name: ClientName;
  readonly link: ProxiedKubeconfig;
  readonly child: Child;
}

type ByClient<R> = Readonly<Record<ClientName, readonly R[]>>;

async function inTurns<R>(measure: (name: ClientName) => Promise<R>): Promise<ByClient<R>> {
  const results: Record<ClientName, R[]> = { ours: [], "client-node": [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of names) results[name].push(await measure(name));
  }
  return results;
}

type Cache = Pick<ClientFigures, "cacheMs" | "objects" | "rssMiB" | "heapMiB" | "emptyRssMiB">;

async function measureCache(name: ClientName, kubeconfigPath: string): Promise<Cache> {
  await using child = await startChild(contenderProcess, [name, kubeconfigPath]);
  const empty = await child.ask(memorySchema, { do: "memory" } satisfies Command);
  const { ms, objects } = await child.ask(cachedSchema, { do: "cache" } satisfies Command);
  const memory = await child.ask(memorySchema, { do: "memory" } satisfies Command);
  return { ...memory, emptyRssMiB: empty.rssMiB, objects, cacheMs: ms };
}

/** The shortest time and the least memory: neither side answers for what else went on. */
function bestCache(caches: readonly Cache[]): Cache {
  const least = (read: (cache: Cache) => number): number => Math.min(...caches.map(read));
  return {
    cacheMs: least(({ cacheMs }) => cacheMs),
    objects: least(({ objects }) => objects),
    rssMiB: least(({ rssMiB }) => rssMiB),
    heapMiB: least(({ heapMiB }) => heapMiB),
    emptyRssMiB: least(({ emptyRssMiB }) => emptyRssMiB),
  };
}

interface Applies {
  readonly perSecond: number;
  readonly connections: number;
}

async function measureApplies(
  { child, link }: Subject,
  { seconds, inFlight }: { readonly seconds: number; readonly inFlight: number },
): Promise<Applies> {
  const applyFor = (time: number): Promise<number> =>
    child.ask(z.number(), { do: "applyFor", seconds: time, inFlight } satisfies Command);
  const before = link.proxy.accepted;
  await applyFor(seconds / 5); // the first ones warm it up
  const applied = await applyFor(seconds);
  return { perSecond: applied / seconds, connections: link.proxy.accepted - before };
}

/** The best rate, and all connections that were opened for it. */
function bestApplies(loads: readonly Applies[]): Applies {
  return {
    perSecond: Math.max(...loads.map(({ perSecond }) => perSecond)),
    connections: loads.reduce((sum, { connections }) => sum + connections, 0),
  };
}

async function measureChanges(
  { name, child }: Subject,
  { writer, changes }: { readonly writer: KubeClient; readonly changes: number },
): Promise<number | undefined> {
  const resourceVersion = await currentVersion(writer);
  await change(writer, changes, `${name} ${resourceVersion}`);
  const replay = { do: "replay", resourceVersion, changes } satisfies Command;
  const replayMs = await child.ask(z.number(), replay).catch(() => undefined);
  return replayMs === undefined ? undefined : (changes / replayMs) * 1_000;
}

function highest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
