/** How late the event loop is: what a probe has to know, as a process that is late answers nobody. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Clock } from "@lmos/primitives";

/** Watches the event loop until it is disposed. */
export interface EventLoopLag extends Disposable {
  /** Milliseconds at the 99th percentile of the last one to two minutes. */
  p99Ms(): number;
}

const windowMs = 60_000;
const nanosecondsPerMillisecond = 1e6;

/** Begins to watch. */
export function watchEventLoop(clock: Clock): EventLoopLag {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  let sinceMs = clock.monotonic();
  let before = 0;
  return {
    p99Ms: () => {
      const current = delay.percentile(99) / nanosecondsPerMillisecond;
      if (clock.monotonic() - sinceMs < windowMs) return Math.max(before, current);
      sinceMs = clock.monotonic();
      before = current;
      delay.reset();
      return current;
    },
    [Symbol.dispose]: () => void delay.disable(),
  };
}
