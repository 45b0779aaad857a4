/**
 * How long a reflector waits after a failure. Three kinds of failure, three answers: a version that has expired calls
 * for a list at once (and for patience only when that does not help); a server that is away is asked again every few
 * seconds for as long as it takes, so that everything has caught up soon after it is back; any other failure is met
 * ever more slowly. All waits have full jitter: many clients must not come back in step. None is shorter than the server
 * asked for.
 */
import { type BackoffPolicy, backoffDelayMs, type Random } from "@lmos/primitives";
import { isKubeError } from "./errors.ts";
import { askedWaitMs, isOutage, longestOutageWaitMs } from "./outage.ts";

/** The waits of one reflector. */
export interface Reconnect {
  /** Milliseconds to wait after this failure. */
  afterFailure(error: unknown): number;
  /** The server answered as it should: the next failure is the first one. */
  succeeded(): void;
}

const longestMs = { away: longestOutageWaitMs, refused: 30_000 };
const backoff: BackoffPolicy = { initialMs: 800, maxMs: longestMs.refused, factor: 2, jitter: 1 };

/** No failures yet. */
export function createReconnect(random: Random): Reconnect {
  // Counted apart: a server that is just back may refuse for a moment, and that is then the first refusal.
  let failures = { away: 0, refused: 0 };
  let lastExpired = false;
  return {
    afterFailure: (error) => {
      const expired = isKubeError(error, "Expired");
      const atOnce = expired && !lastExpired;
      lastExpired = expired;
      if (atOnce) return 0;
      const kind = isOutage(error) ? "away" : "refused";
      const delayMs = backoffDelayMs({ ...backoff, maxMs: longestMs[kind] }, failures[kind], random);
      failures = { ...failures, [kind]: failures[kind] + 1 };
      return askedWaitMs(error) + delayMs;
    },
    succeeded: () => {
      failures = { away: 0, refused: 0 };
      lastExpired = false;
    },
  };
}
