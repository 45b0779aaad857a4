/** Time that runs faster: what takes ten minutes in production takes ten seconds in a suite. */
import { type Clock, systemClock } from "@lmos/primitives";

/** The system's clock, `factor` times as fast. */
export function scaledClock(factor: number): Clock {
  const startedAt = systemClock.monotonic();
  const epoch = systemClock.now();
  const monotonic = (): number => (systemClock.monotonic() - startedAt) * factor;
  return {
    monotonic,
    now: () => epoch + monotonic(),
    sleep: (ms, options) => systemClock.sleep(ms / factor, options),
  };
}
