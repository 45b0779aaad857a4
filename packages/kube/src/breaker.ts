/**
 * Quarantine for single keys. A key that changes far more often than its work is worth (two controllers that undo each
 * other, a status written in a loop), or whose reconcile does not return, costs everybody else workers and requests.
 * Its breaker opens: for five minutes it is reconciled every thirty seconds at most, however often it changes.
 */
import type { Clock } from "@lmos/primitives";
import { type Allowance, TokenBuckets } from "./token-bucket.ts";

/** Why a breaker opened: reconciled `tooOften`, or a reconcile that went on after its deadline (`stuck`). */
export type QuarantineReason = "tooOften" | "stuck";

/** When a breaker opens, for how long, and how often its key is tried meanwhile. Milliseconds. */
export interface BreakerPolicy extends Allowance {
  readonly openMs: number;
  readonly probeMs: number;
}

/** A burst of 50, then one every two seconds; open for five minutes, with a probe every thirty seconds. */
export const defaultBreakerPolicy: BreakerPolicy = {
  burst: 50,
  refillMs: 2_000,
  openMs: 300_000,
  probeMs: 30_000,
};

/**
 * What to do with a key that is due: reconcile it (`closed`: its breaker has just closed; `probe`: it is open, and
 * closes in so many milliseconds), or look again later (`opened`: this is what opened its breaker).
 */
export type Admission =
  | { readonly kind: "admitted" | "closed" }
  | { readonly kind: "probe"; readonly closesInMs: number }
  | { readonly kind: "opened" | "quarantined"; readonly retryInMs: number };

/** The breakers of a controller's keys. */
export interface Breaker {
  /** Decides about a key that is due; `counts` where it came from outside and not from its own back-off. */
  admit(key: string, counts: boolean): Admission;
  /** Opens the key's breaker; false when it is open already. */
  trip(key: string): boolean;
  /** The object is gone: a new one of its name starts afresh. True when its breaker was open. */
  reset(key: string): boolean;
  /** How many keys are quarantined. */
  readonly open: number;
}

interface Open {
  readonly untilMs: number;
  nextProbeAtMs: number;
}

/** All closed. */
export function createBreaker(policy: BreakerPolicy, clock: Clock): Breaker {
  return new KeyBreaker(policy, clock);
}

class KeyBreaker implements Breaker {
  readonly #policy: BreakerPolicy;
  readonly #clock: Clock;
  readonly #buckets: TokenBuckets;
  readonly #open = new Map<string, Open>();

  constructor(policy: BreakerPolicy, clock: Clock) {
    this.#policy = policy;
    this.#clock = clock;
    this.#buckets = new TokenBuckets(policy, clock);
  }

  get open(): number {
    return this.#open.size;
  }

  admit(key: string, counts: boolean): Admission {
    const open = this.#open.get(key);
    if (open !== undefined) return this.#probe(key, open);
    if (!counts || this.#buckets.take(key)) return { kind: "admitted" };
    this.trip(key);
    return { kind: "opened", retryInMs: this.#policy.probeMs };
  }

  trip(key: string): boolean {
    if (this.#open.has(key)) return false;
    const nowMs = this.#clock.monotonic();
    const { openMs, probeMs } = this.#policy;
    this.#open.set(key, { untilMs: nowMs + openMs, nextProbeAtMs: nowMs + probeMs });
    this.#buckets.reset(key);
    return true;
  }

  reset(key: string): boolean {
    this.#buckets.reset(key);
    return this.#open.delete(key);
  }

  #probe(key: string, open: Open): Admission {
    const nowMs = this.#clock.monotonic();
    if (nowMs >= open.untilMs) {
      this.reset(key);
      return { kind: "closed" };
    }
    if (nowMs < open.nextProbeAtMs) {
      return { kind: "quarantined", retryInMs: open.nextProbeAtMs - nowMs };
    }
    open.nextProbeAtMs = nowMs + this.#policy.probeMs;
    return { kind: "probe", closesInMs: open.untilMs - nowMs };
  }
}
