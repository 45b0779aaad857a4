/** What the machine, which other suites share, does to the timers of a thread that has nothing to do. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A thread that only measures. Disposing it ends it. */
export interface LagWatch extends AsyncDisposable {
  /** The 99th percentile since the start, in milliseconds. */
  p99Ms(): Promise<number>;
}

const program = `
  const { monitorEventLoopDelay } = require("node:perf_hooks");
  const { parentPort } = require("node:worker_threads");
  const lag = monitorEventLoopDelay({ resolution: 10 });
  lag.enable();
  parentPort.on("message", () => parentPort.postMessage(lag.percentile(99) / 1e6));
`;

/** Starts to measure. */
export function startLagWatch(): LagWatch {
  const worker = new Worker(program, { eval: true });
  return {
    p99Ms: async () => {
      const answered = once(worker, "message");
      worker.postMessage("p99");
      const [p99Ms] = await answered;
      return Number(p99Ms);
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
