/**
 * How long a reflector waits after a failure. Three kinds of failure, three answers: a version that has expired calls
 * for a list at once (and for patience only when that does not help); a server that is away is asked again every few
 * seconds for as long as it takes, so that everything has caught up soon after it is back; any other failure is met
 * ever more slowly. All waits have full jitter: many clients must not come back in step.
 */
import { type BackoffPolicy, backoffDelayMs, type Random } from "@lmos/primitives";
import { isKubeError } from "./errors.ts";
import { isOutage } from "./outage.ts";

/** The waits of one reflector. */
export interface Reconnect {
  /** Milliseconds to wait after this failure. */
  afterFailure(error: unknown): number;
  /** The server answered as it should: the next failure is the first one. */
  succeeded(): void;
}

const refused: BackoffPolicy = { initialMs: 800, maxMs: 30_000, factor: 2, jitter: 1 };
const away: BackoffPolicy = { ...refused, maxMs: 4_000 };

/** No failures yet. */
export function createReconnect(random: Random): Reconnect {
  let failures = 0;
  let lastExpired = false;
  return {
    afterFailure: (error) => {
      const expired = isKubeError(error, "Expired");
      const atOnce = expired && !lastExpired;
      lastExpired = expired;
      if (atOnce) return 0;
      const delayMs = backoffDelayMs(isOutage(error) ? away : refused, failures, random);
      failures += 1;
      return delayMs;
    },
    succeeded: () => {
      failures = 0;
      lastExpired = false;
    },
  };
}
