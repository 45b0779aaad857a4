/** Allowances by key: a burst at first, refilled steadily. Keys whose allowance is full again take no memory. */
import type { Clock } from "@lmos/primitives";

/** How much is allowed: `burst` at once, then one every `refillMs` milliseconds. */
export interface Allowance {
  readonly burst: number;
  readonly refillMs: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** The allowances of many keys. */
export class TokenBuckets {
  readonly #allowance: Allowance;
  readonly #clock: Clock;
  /** The least recently used first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(allowance: Allowance, clock: Clock) {
    this.#allowance = allowance;
    this.#clock = clock;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one from the key's allowance; false when there is none left. */
  take(key: string): boolean {
    const nowMs = this.#clock.monotonic();
    this.#dropFull(nowMs);
    const tokens = this.#tokensOf(key, nowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, atMs: nowMs });
    return tokens >= 1;
  }

  /** The key has its whole allowance again. */
  reset(key: string): void {
    this.#buckets.delete(key);
  }

  #tokensOf(key: string, nowMs: number): number {
    const { burst, refillMs } = this.#allowance;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.tokens + (nowMs - bucket.atMs) / refillMs);
  }

  /** Those not used for as long as it takes to fill are full, and stand at the front. */
  #dropFull(nowMs: number): void {
    const { burst, refillMs } = this.#allowance;
    for (const [key, { atMs }] of this.#buckets) {
      if (nowMs - atMs < burst * refillMs) return;
      this.#buckets.delete(key);
    }
  }
}
