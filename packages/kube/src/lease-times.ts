import type { Random } from "@lmos/primitives";

/** How long a lease lasts, in seconds: as long nobody else takes it after its last renewal. */
export const leaseSeconds = 15;
/** A leader that could not renew for so long is none any more: well before anybody else may think so. */
export const renewDeadlineMs = 10_000;
/** How long one look at the lease, or one renewal, may take. */
export const attemptMs = 4_000;
/** How long releasing the lease may take. */
export const releaseMs = 2_000;

/**
 * Milliseconds between two looks or renewals: 1.2 to 1.6 s, so that with the calls of both sides a hand-over takes less
 * than 2 s, also on a busy machine.
 */
export function pauseMs(random: Random): number {
  return 2_000 * (0.8 - 0.2 * random.next());
}

/**
 * Milliseconds from a renewal that failed to the next one, 0.4 to 0.6 s: a server that fails every third request is asked so
 * often before the lease is given up that one of them gets through.
 */
export function retryPauseMs(random: Random): number {
  return 600 - 200 * random.next();
}
