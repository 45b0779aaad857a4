/** So many requests from one address, and no more: one that asks in a loop leaves the others their turn. */
import { type Allowance, TokenBuckets } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";

/** 200 at once, then 100 a second. */
export const defaultAllowance: Allowance = { burst: 200, refillMs: 10 };

/** Gives undefined where the address may ask, else after how many seconds it may again. */
export function createRateLimit(
  clock: Clock,
  allowance: Allowance = defaultAllowance,
): (address: string) => number | undefined {
  const buckets = new TokenBuckets(allowance, clock);
  return (address) => (buckets.take(address) ? undefined : Math.ceil(allowance.refillMs / 1_000));
}
