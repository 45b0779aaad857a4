/** The operator's process, asked and observed. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startChild } from "../kube/child.ts";

const usageSchema = z.object({
  lists: z.number(),
  /** Requests that write objects. */
  writes: z.number(),
  /** Requests that write events. */
  events: z.number(),
  cpuMs: z.number(),
  residentMiB: z.number(),
  heapMiB: z.number(),
});

/** What the process has asked and used since its start; memory as of now. */
export type Usage = z.infer<typeof usageSchema>;

/** Disposing it ends the process at once. */
export interface OperatorProcess extends AsyncDisposable {
  usage(): Promise<Usage>;
  /** Resolves when it has done next to nothing for a second; `performance.now()` at which that began. */
  whenQuiet(): Promise<number>;
}

const intervalMs = 250;
const quietIntervals = 4;
/** What timers and garbage collection use in an interval without work. */
const quietCpuMs = 12;

/** As in deploy/kubernetes: with `keepHeapSmall` they make up how much garbage is kept. */
const nodeOptions = ["--max-semi-space-size=4"];
const environment = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072" };

/** Starts it against the server of that kubeconfig. */
export async function startOperatorProcess(kubeconfigPath: string): Promise<OperatorProcess> {
  const module = new URL("./operator-process.js", import.meta.url);
  const child = await startChild(module, [kubeconfigPath], nodeOptions, environment);
  const usage = (): Promise<Usage> => child.ask(usageSchema, {});
  return {
    usage,
    whenQuiet: () => whenQuiet(usage),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function whenQuiet(usage: () => Promise<Usage>): Promise<number> {
  let before = await usage();
  let quietSince = performance.now();
  for (let quiet = 0; quiet < quietIntervals; ) {
    await sleep(intervalMs);
    const now = await usage();
    const isQuiet = now.writes === before.writes && now.cpuMs - before.cpuMs < quietCpuMs;
    quiet = isQuiet ? quiet + 1 : 0;
    if (!isQuiet) quietSince = performance.now();
    before = now;
  }
  return quietSince;
}
