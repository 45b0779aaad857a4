/** The clock of a machine whose wall clock is set, again and again; what is monotonic goes on as it should. */
import { type Clock, systemClock } from "@lmos/primitives";

/** A clock that a test can set. */
export interface JumpingClock extends Clock {
  /** Sets the wall clock so many milliseconds away from the true time. */
  jumpTo(offsetMs: number): void;
  /** From now on the wall clock gains so many milliseconds a second. */
  drift(msPerSecond: number): void;
}

/** A clock that is right until it is set. */
export function createJumpingClock(): JumpingClock {
  let offsetMs = 0;
  let driftPerMs = 0;
  let sinceMs = systemClock.monotonic();
  return {
    now: () => systemClock.now() + offsetMs + (systemClock.monotonic() - sinceMs) * driftPerMs,
    monotonic: () => systemClock.monotonic(),
    sleep: (ms, options) => systemClock.sleep(ms, options),
    jumpTo: (ms) => {
      offsetMs = ms;
    },
    drift: (msPerSecond) => {
      sinceMs = systemClock.monotonic();
      driftPerMs = msPerSecond / 1000;
    },
  };
}
