/** When a process counts as ready: after one success, until three failures in a row. The counting is pure. */
import type { Clock } from "@lmos/primitives";
import type { Prober, ProbeTarget } from "./prober.ts";

/** What the probes so far say. */
export interface Readiness {
  readonly ready: boolean;
  /** True once it has been ready: from then on it is probed less often. */
  readonly started: boolean;
  readonly failuresInRow: number;
}

/** A process that has not been probed. */
export const unprobed: Readiness = { ready: false, started: false, failuresInRow: 0 };

const startingIntervalMs = 250;
const intervalMs = 1000;
const failureThreshold = 3;

/** The readiness after one more probe. */
export function afterProbe(before: Readiness, succeeded: boolean): Readiness {
  if (succeeded) return { ready: true, started: true, failuresInRow: 0 };
  const failuresInRow = before.failuresInRow + 1;
  return { ...before, ready: before.ready && failuresInRow < failureThreshold, failuresInRow };
}

/** What a readiness loop needs. `onChange` is called when the process becomes ready and when it stops being so. */
export interface ReadinessOptions {
  readonly prober: Prober;
  readonly target: ProbeTarget;
  readonly onChange: (ready: boolean) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Probes until the signal is aborted, then resolves. */
export async function watchReadiness(options: ReadinessOptions): Promise<void> {
  const { prober, target, onChange, clock, signal } = options;
  let readiness = unprobed;
  while (!signal.aborted) {
    const succeeded = await prober.probe(target, { signal });
    if (signal.aborted) return;
    const next = afterProbe(readiness, succeeded);
    if (next.ready !== readiness.ready) onChange(next.ready);
    readiness = next;
    const pause = clock.sleep(next.started ? intervalMs : startingIntervalMs, { signal });
    await pause.catch(() => undefined); // aborted: the loop ends
  }
}
