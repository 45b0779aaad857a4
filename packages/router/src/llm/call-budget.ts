import type { Clock } from "@lmos/primitives";

/** Counts calls of the last minute. */
export interface CallBudget {
  /** True, and counted, when one more call is allowed now. */
  take(): boolean;
}

const minuteMs = 60_000;

/** At most so many calls within any minute. */
export function createCallBudget(perMinute: number, clock: Pick<Clock, "monotonic">): CallBudget {
  let calls: readonly number[] = [];
  return {
    take: () => {
      const now = clock.monotonic();
      calls = calls.filter((at) => now - at < minuteMs);
      if (calls.length >= perMinute) return false;
      calls = [...calls, now];
      return true;
    },
  };
}
