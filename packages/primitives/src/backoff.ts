import type { Random } from "./random.ts";

/** Exponential back-off: attempt 0 waits about `initialMs`, each further one `factor` times more, up to `maxMs`. */
export interface BackoffPolicy {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** Share of the delay that is random, 0 (none) to 1 (full jitter). */
  readonly jitter: number;
}

/** Milliseconds to wait before retry number `attempt` (from 0). */
export function backoffDelayMs(policy: BackoffPolicy, attempt: number, random: Random): number {
  const full = Math.min(policy.maxMs, policy.initialMs * policy.factor ** attempt);
  return full * (1 - policy.jitter * random.next());
}
