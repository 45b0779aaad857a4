/** One API server, measured from outside through our client. */
import type { KubeClient } from "@lmos/kube";
import { createFor, fill, listAll, watchLatencies } from "./objects.ts";

/** What was measured of one server. */
export interface ServerFigures {
  readonly readyMs: number;
  readonly emptyMiB: number;
  readonly fullMiB: number;
  readonly creations: ReadonlyMap<number, number>;
  readonly listedPerSecond: number;
  readonly watchP50Ms: number;
  readonly watchP99Ms: number;
}

/** A server that has just become ready. */
export interface FreshServer {
  readonly client: KubeClient;
  readonly readyMs: number;
  /** Resident memory of all its processes. */
  residentMiB(): number;
  /** Processor time of all its processes since they were started. */
  processorMs(): number;
}

/** Fills the server with objects, which stay there. */
export async function measureServer(
  server: FreshServer,
  { objects, seconds }: { readonly objects: number; readonly seconds: number },
): Promise<ServerFigures> {
  const { client, readyMs } = server;
  const emptyMiB = server.residentMiB();
  await fill(client, objects);
  const fullMiB = server.residentMiB();
  const lists: number[] = [];
  for (let round = 0; round < 3; round++) lists.push(await listAll(client));
  const latencies = await watchLatencies(client, 200);
  const creations = new Map<number, number>();
  for (const inFlight of [1, 10, 50]) creations.set(inFlight, await createFor(client, seconds, inFlight));
  return {
    ...{ readyMs, emptyMiB, fullMiB, creations },
    listedPerSecond: Math.max(...lists),
    watchP50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? Number.NaN,
    watchP99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
  };
}
