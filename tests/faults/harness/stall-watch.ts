/** How long this process was held up, by the machine or by what runs beside: so much later is all that it sees and does. */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** A measurement. Disposing it ends it. */
export interface StallWatch extends Disposable {
  /** The longest time since the start in which nothing ran when it was due, in milliseconds. */
  longestMs(): number;
}

/** Starts to measure. */
export function startStallWatch(): StallWatch {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  return {
    longestMs: () => delays.max / 1e6,
    [Symbol.dispose]: () => {
      delays.disable();
    },
  };
}
