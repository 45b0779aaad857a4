/** The gauges of this process. */
import { readdirSync, readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { oldGenerationShare } from "./old-generation.ts";
import type { ProcessGauges } from "./pressure.ts";

const resolutionMs = 20;
/** Looks over which the percentile is taken: one long pause in a few hundred samples is none. */
const looksInWindow = 10;
const nanosecondsPerMs = 1e6;
const descriptors = "/proc/self/fd";

/** Starts measuring; dispose it to stop. */
export function openProcessGauges(): ProcessGauges & Disposable {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const maxFiles = readMaxFiles();
  let looks = 0;
  return {
    lagMs: () => {
      const lagMs = delay.percentile(99) / nanosecondsPerMs - resolutionMs;
      looks += 1;
      if (looks % looksInWindow === 0) delay.reset();
      return lagMs;
    },
    heapShare: oldGenerationShare,
    openFilesShare: () => (maxFiles === undefined ? 0 : countOpenFiles() / maxFiles),
    [Symbol.dispose]: () => delay.disable(),
  };
}

/** Undefined where the system does not tell. */
function readMaxFiles(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

function countOpenFiles(): number {
  try {
    return readdirSync(descriptors).length;
  } catch {
    return Number.POSITIVE_INFINITY; // none is left to look with
  }
}
