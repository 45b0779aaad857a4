/**
 * Which endpoint of an agent gets the next turn. One that fails again and again rests (the breaker is open); every few
 * seconds one turn tries whether it is back. One that asked for patience is avoided while there is another.
 *
 *   closed ── 5 failures in a row, or 10 of the last 20 turns ──► open ── 5 s ──► one turn tries
 *     ▲                                                            ▲                │ fails │ succeeds
 *     └────────────────────────────────────────────────────────────┼────────────────┼───────┘
 *                                                                  └────────────────┘
 */
import type { Clock, Random } from "@lmos/primitives";

/** How a turn went, as far as its endpoint is to blame. */
export type EndpointOutcome =
  | { readonly kind: "succeeded" }
  | { readonly kind: "failed" }
  | { readonly kind: "busy"; readonly retryAfterSeconds: number };

/** An endpoint, or why there is none. */
export type EndpointChoice =
  | { readonly kind: "chosen"; readonly url: string }
  /** Nothing is ready there. */
  | { readonly kind: "none" }
  /** All of them rest. */
  | { readonly kind: "resting"; readonly retryAfterSeconds: number };

/** Failures in a row after which an endpoint rests. */
export const maxFailuresInARow = 5;
/** Turns that are looked back on; half of them failed: the endpoint rests. */
export const recentTurns = 20;
/** Milliseconds between the turns that try a resting endpoint. */
export const restMs = 5000;
/** Endpoints that are remembered for their faults. */
const maxRemembered = 10_000;

interface EndpointRecord {
  inARow: number;
  /** Whether each of the last turns failed, oldest first. */
  readonly recent: boolean[];
  restsUntil: number | undefined;
  busyUntil: number;
}

/** Remembers the faults of endpoints; one without faults costs nothing. */
export class EndpointHealth {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #records = new Map<string, EndpointRecord>();

  constructor({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Endpoints that rest now. */
  get resting(): number {
    return [...this.#records.values()].filter(({ restsUntil }) => restsUntil !== undefined).length;
  }

  /** One of `urls`, but not the one that failed this turn already, unless its name is the only one. */
  choose(urls: readonly string[], failed: string | undefined): EndpointChoice {
    const others = urls.filter((url) => url !== failed);
    const candidates = others.length > 0 ? others : urls;
    if (this.#records.size === 0) return this.#any(candidates);
    const tried = candidates.find((url) => this.#isDue(url));
    if (tried !== undefined) return this.#try(tried);
    const awake = candidates.filter((url) => this.#records.get(url)?.restsUntil === undefined);
    if (awake.length === 0) return this.#noneAwake(candidates);
    const idle = awake.filter((url) => !this.#isBusy(url));
    return this.#any(idle.length > 0 ? idle : awake);
  }

  /** Takes note of how a turn went. */
  report(url: string, outcome: EndpointOutcome): void {
    if (outcome.kind === "succeeded") this.#onSuccess(url);
    else if (outcome.kind === "failed") this.#onFailure(this.#recordOf(url));
    else this.#recordOf(url).busyUntil = this.#clock.monotonic() + outcome.retryAfterSeconds * 1000;
  }

  #any(candidates: readonly string[]): EndpointChoice {
    const url = candidates[Math.floor(this.#random.next() * candidates.length)];
    return url === undefined ? { kind: "none" } : { kind: "chosen", url };
  }

  #isDue(url: string): boolean {
    const restsUntil = this.#records.get(url)?.restsUntil;
    return restsUntil !== undefined && restsUntil <= this.#clock.monotonic();
  }

  #isBusy(url: string): boolean {
    return (this.#records.get(url)?.busyUntil ?? 0) > this.#clock.monotonic();
  }

  /** The others go on avoiding it until this turn has shown something. */
  #try(url: string): EndpointChoice {
    this.#recordOf(url).restsUntil = this.#clock.monotonic() + restMs;
    return { kind: "chosen", url };
  }

  #noneAwake(candidates: readonly string[]): EndpointChoice {
    if (candidates.length === 0) return { kind: "none" };
    const first = Math.min(...candidates.map((url) => this.#records.get(url)?.restsUntil ?? 0));
    const seconds = Math.ceil((first - this.#clock.monotonic()) / 1000);
    return { kind: "resting", retryAfterSeconds: Math.max(1, seconds) };
  }

  #onSuccess(url: string): void {
    const record = this.#records.get(url);
    if (record === undefined) return;
    record.inARow = 0;
    record.restsUntil = undefined;
    remember(record, false);
    if (!record.recent.includes(true) && !this.#isBusy(url)) this.#records.delete(url);
  }

  #onFailure(record: EndpointRecord): void {
    record.inARow += 1;
    remember(record, true);
    const failures = record.recent.filter(Boolean).length;
    const manyFail = record.recent.length === recentTurns && failures >= recentTurns / 2;
    if (record.inARow < maxFailuresInARow && !manyFail) return;
    record.restsUntil = this.#clock.monotonic() + restMs;
    record.recent.length = 0; // what was before the rest doesn't count after it
  }

  #recordOf(url: string): EndpointRecord {
    const known = this.#records.get(url);
    if (known !== undefined) return known;
    const created: EndpointRecord = { inARow: 0, recent: [], restsUntil: undefined, busyUntil: 0 };
    this.#records.set(url, created);
    const oldest = this.#records.keys().next().value;
    if (this.#records.size > maxRemembered && oldest !== undefined) this.#records.delete(oldest);
    return created;
  }
}

function remember({ recent }: EndpointRecord, failed: boolean): void {
  recent.push(failed);
  if (recent.length > recentTurns) recent.shift();
}
