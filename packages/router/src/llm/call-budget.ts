import type { Clock } from "@lmos/primitives";

/** Counts calls of the last minute. */
export interface CallBudget {
  /** True, and counted, when one more call is allowed now. */
  take(): boolean;
}

const minuteMs = 60_000;

/** At most so many calls within any minute; any number where that is infinite. */
export function createCallBudget(perMinute: number, clock: Pick<Clock, "monotonic">): CallBudget {
  if (perMinute === Number.POSITIVE_INFINITY) return { take: () => true };
  const calls: number[] = [];
  return {
    take: () => {
      const now = clock.monotonic();
      while (now - (calls[0] ?? now) >= minuteMs) calls.shift();
      if (calls.length >= perMinute) return false;
      calls.push(now);
      return true;
    },
  };
}
