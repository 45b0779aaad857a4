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

export async function measureClient(
  name: ClientName,
  kubeconfigPath: string,
  { writer, seconds, changes }: Sizes & { readonly writer: KubeClient },
): Promise<ClientFigures> {
  const cache = await measureCache(name, kubeconfigPath);
  await using link = await proxied(kubeconfigPath, name);
  await using child = await startChild(contenderProcess, [name, link.kubeconfigPath]);
  const applies = new Map<number, { perSecond: number; connections: number }>();
  for (const inFlight of inFlights)
    applies.set(inFlight, await measureApplies(child, link, { seconds, inFlight }));
  const resourceVersion = await currentVersion(writer);
  await change(writer, changes, name);
  const replay = { do: "replay", resourceVersion, changes } satisfies Command;
  const replayMs = await child.ask(z.number(), replay).catch(() => undefined);
  const changesPerSecond = replayMs === undefined ? undefined : (changes / replayMs) * 1_000;
  return { ...cache, changesPerSecond, applies };
}

/** The best time of three processes; the memory of the last. */
async function measureCache(name: ClientName, kubeconfigPath: string) {
  const times: number[] = [];
  for (let round = 0; ; round++) {
    await using child = await startChild(contenderProcess, [name, kubeconfigPath]);
    const empty = await child.ask(memorySchema, { do: "memory" } satisfies Command);
    const { ms, objects } = await child.ask(cachedSchema, { do: "cache" } satisfies Command);
    times.push(ms);
    if (round < 2) continue;
    const memory = await child.ask(memorySchema, { do: "memory" } satisfies Command);
    return { ...memory, emptyRssMiB: empty.rssMiB, objects, cacheMs: Math.min(...times) };
  }
}

async function measureApplies(
  child: Child,
  link: ProxiedKubeconfig,
  { seconds, inFlight }: { readonly seconds: number; readonly inFlight: number },
): Promise<{ readonly perSecond: number; readonly connections: number }> {
  const applyFor = (time: number): Promise<number> =>
    child.ask(z.number(), { do: "applyFor", seconds: time, inFlight } satisfies Command);
  const before = link.proxy.accepted;
  await applyFor(seconds / 5); // the first ones warm it up
  const applied = await applyFor(seconds);
  return { perSecond: applied / seconds, connections: link.proxy.accepted - before };
}
