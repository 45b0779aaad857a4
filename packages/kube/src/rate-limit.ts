/**
 * How often a client may ask: some requests at once, then one after the other at a steady pace, first come first
 * served. Off unless it is asked for: API servers share their time fairly by themselves. A process that must not be
 * felt at all still wants one.
 */
import type { Clock } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import type { Allowance } from "./token-bucket.ts";

/** Lets requests pass as often as is allowed. */
export interface RateLimit {
  /** Resolves when it is this request's turn; rejects with the signal's reason once that is aborted. */
  pass(options: CallOptions): Promise<void>;
}

/** Nobody has passed yet. */
export function createRateLimit({ burst, refillMs }: Allowance, clock: Clock): RateLimit {
  /** When the allowance will be whole again if nobody else comes. */
  let wholeAtMs = clock.monotonic();
  return {
    pass: async ({ signal }) => {
      const nowMs = clock.monotonic();
      wholeAtMs = Math.max(wholeAtMs, nowMs) + refillMs;
      const waitMs = wholeAtMs - burst * refillMs - nowMs;
      if (waitMs > 0) await clock.sleep(waitMs, { signal });
    },
  };
}
