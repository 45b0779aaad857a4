import type { Clock } from "@lmos/primitives";

/** Counts calls of the last minute. */
export interface CallBudget {
  /** Whether one more call is allowed now; nothing is counted. */
  readonly hasLeft: boolean;
  /** True, and counted, when one more call is allowed now. */
  take(): boolean;
}

const minuteMs = 60_000;

/** At most so many calls within any minute; any number where that is infinite. */
export function createCallBudget(perMinute: number, clock: Pick<Clock, "monotonic">): CallBudget {
  if (perMinute === Number.POSITIVE_INFINITY) return { hasLeft: true, take: () => true };
  const calls: number[] = [];
  const hasLeft = (): boolean => {
    const now = clock.monotonic();
    while (now - (calls[0] ?? now) >= minuteMs) calls.shift();
    return calls.length < perMinute;
  };
  return {
    get hasLeft() {
      return hasLeft();
    },
    take: () => {
      const isAllowed = hasLeft();
      if (isAllowed) calls.push(clock.monotonic());
      return isAllowed;
    },
  };
}
