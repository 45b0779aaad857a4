/**
 * Quarantine for single keys. A key that changes far more often than its work is worth (two controllers that undo each
 * other, a status written in a loop), or whose reconcile does not return, costs everybody else workers and requests.
 * Its breaker opens: for five minutes it is reconciled every thirty seconds at most while it goes on changing, and soon
 * after it has come to rest. If that reconcile sets it off again, the next rest has to be twice as long: so a fight is
 * not kept alive, while a storm of edits is answered as soon as it is over.
 */
import type { Clock } from "@lmos/primitives";
import { type Allowance, TokenBuckets } from "./token-bucket.ts";

/** Why a breaker opened: reconciled `tooOften`, or a reconcile that went on after its deadline (`stuck`). */
export type QuarantineReason = "tooOften" | "stuck";

/**
 * When a breaker opens, for how long, and how often its key is tried meanwhile: every `probeMs`, and when it was not
 * named for `restMs` (at first; twice as long after each try for that reason). Milliseconds.
 */
export interface BreakerPolicy extends Allowance {
  readonly openMs: number;
  readonly probeMs: number;
  readonly restMs: number;
}

/**
 * A burst of 50, then one every two seconds; open for five minutes, with a probe every thirty seconds or after two
 * seconds of rest.
 */
export const defaultBreakerPolicy: BreakerPolicy = {
  burst: 50,
  refillMs: 2_000,
  openMs: 300_000,
  probeMs: 30_000,
  restMs: 2_000,
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
  /** The last try ended with a failure of the server, which says nothing about the key: it is made good in `ms` milliseconds. */
  excuse(key: string, ms: number): void;
  /** The object is gone: a new one of its name starts afresh. True when its breaker was open. */
  reset(key: string): boolean;
  /** How many keys are quarantined. */
  readonly open: number;
}

/** Of a key whose reconcile did not end: it costs a worker its deadline each time, and nothing is a reason to try it earlier. */
const neverAtRest = Number.POSITIVE_INFINITY;

interface Open {
  readonly untilMs: number;
  nextProbeAtMs: number;
  /** How long it has to be at rest to be tried before that. */
  restMs: number;
  /** When it was last named from outside; undefined when not since the last try. */
  namedAtMs: number | undefined;
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
    if (open !== undefined) return this.#probe(key, open, counts);
    if (!counts || this.#buckets.take(key)) return { kind: "admitted" };
    const { restMs, probeMs } = this.#policy;
    this.#trip(key, { restMs, namedAtMs: this.#clock.monotonic() });
    return { kind: "opened", retryInMs: Math.min(restMs, probeMs) };
  }

  trip(key: string): boolean {
    if (this.#open.has(key)) return false;
    this.#trip(key, { restMs: neverAtRest, namedAtMs: undefined });
    return true;
  }

  excuse(key: string, ms: number): void {
    const open = this.#open.get(key);
    if (open === undefined || open.restMs === neverAtRest) return;
    open.nextProbeAtMs = Math.min(open.nextProbeAtMs, this.#clock.monotonic() + ms);
  }

  reset(key: string): boolean {
    this.#buckets.reset(key);
    return this.#open.delete(key);
  }

  #trip(key: string, rest: Pick<Open, "restMs" | "namedAtMs">): void {
    const nowMs = this.#clock.monotonic();
    const { openMs, probeMs } = this.#policy;
    this.#open.set(key, { untilMs: nowMs + openMs, nextProbeAtMs: nowMs + probeMs, ...rest });
    this.#buckets.reset(key);
  }

  #probe(key: string, open: Open, counts: boolean): Admission {
    const nowMs = this.#clock.monotonic();
    if (nowMs >= open.untilMs) {
      this.reset(key);
      return { kind: "closed" };
    }
    if (counts) open.namedAtMs = nowMs;
    const atRestMs = (open.namedAtMs ?? Number.POSITIVE_INFINITY) + open.restMs;
    const dueAtMs = Math.min(open.nextProbeAtMs, atRestMs);
    if (nowMs < dueAtMs) return { kind: "quarantined", retryInMs: dueAtMs - nowMs };
    const { probeMs } = this.#policy;
    open.nextProbeAtMs = nowMs + probeMs;
    if (nowMs >= atRestMs) open.restMs = Math.min(open.restMs * 2, probeMs);
    open.namedAtMs = undefined;
    return { kind: "probe", closesInMs: open.untilMs - nowMs };
  }
}
