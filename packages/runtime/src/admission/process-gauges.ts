/** The gauges of this process. */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { LoopLag } from "./loop-lag.ts";
import { oldGenerationShare } from "./old-generation.ts";
import { OpenFiles } from "./open-files.ts";
import type { ProcessGauges } from "./pressure.ts";

const resolutionMs = 20;
/** Five seconds of looks: see {@link Pressure}. */
const lagWindow = { looks: 10, samples: 250, resolutionMs };

/** Starts measuring; dispose it to stop. */
export function openProcessGauges(): ProcessGauges & Disposable {
  const delays = [startHistogram(), startHistogram()] as const;
  const lag = new LoopLag(delays, lagWindow);
  const files = new OpenFiles();
  const maxFiles = readMaxFiles();
  return {
    lagMs: () => lag.read(),
    heapShare: oldGenerationShare,
    openFilesShare: () => (maxFiles === undefined ? 0 : files.look() / maxFiles),
    [Symbol.dispose]: () => delays.forEach((delay) => void delay.disable()),
  };
}

function startHistogram(): ReturnType<typeof monitorEventLoopDelay> {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  return delay;
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
