/**
 * Decides whether a turn may begin: its tenant's quota, then a place below the limit, then a short wait in a fair queue.
 * A turn that runs is never cut for one that waits.
 */
import type { Clock } from "@lmos/primitives";
import type { RuntimeLimits } from "../limits.ts";
import { type TurnFailure, turnFailure } from "../turn/failure.ts";
import { ConcurrencyLimit } from "./concurrency-limit.ts";
import { FairQueue, type Waiting } from "./fair-queue.ts";
import { RateQuota } from "./rate-quota.ts";

/** A turn may begin, and leaves its place when it is over; or why it may not. */
export type Entry =
  | { readonly kind: "entered" }
  | { readonly kind: "refused"; readonly failure: TurnFailure };

/** What a gate is made of. */
export interface TurnGateOptions {
  readonly clock: Clock;
  readonly limits: Pick<
    RuntimeLimits,
    "maxConcurrentTurns" | "minConcurrentTurns" | "queuedTurns" | "queueMs" | "tenantTurnsPerSecond"
  >;
  /** Of the process; none unless it is given. */
  readonly trouble?: Trouble | undefined;
}

/** Says why no turn may begin; undefined while all is well. */
export interface Trouble {
  readonly cause: string | undefined;
}

/** So few turns do not make an event loop late. */
const fewTurns = 8;

const entered: Entry = { kind: "entered" };
/** Why a wait has no time-out any more; made once, it is never shown. */
const decided = new Error("the wait is over");

/** Counts who is inside. Each `entered` must be followed by one {@link TurnGate.leave}. */
export class TurnGate {
  readonly #options: TurnGateOptions;
  readonly #limit: ConcurrencyLimit;
  readonly #queue: FairQueue;
  readonly #quota: RateQuota;
  #inside = 0;

  constructor(options: TurnGateOptions) {
    const { clock, limits } = options;
    this.#options = options;
    this.#queue = new FairQueue(limits.queuedTurns);
    this.#quota = new RateQuota({ clock, perSecond: limits.tenantTurnsPerSecond });
    this.#limit = new ConcurrencyLimit({
      clock,
      min: limits.minConcurrentTurns,
      max: limits.maxConcurrentTurns,
      running: () => this.#inside,
      onGrown: () => this.#admitWaiting(),
    });
  }

  /** Turns that wait now. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Turns that may be inside at once. */
  get limit(): number {
    return this.#limit.value;
  }

  /** Adapts the limit until the signal is aborted. */
  run(options: { readonly signal: AbortSignal }): Promise<void> {
    return this.#limit.run(options);
  }

  /** Lets a turn in, at once or after a wait. */
  enter(tenant: string): Entry | Promise<Entry> {
    if (!this.#quota.take(tenant)) {
      return {
        kind: "refused",
        failure: turnFailure("quota_exceeded", "The tenant sends too many turns.", 1),
      };
    }
    if (this.#isInTrouble()) return overloaded();
    if (this.#inside < this.limit && this.waiting === 0) {
      this.#inside += 1;
      return entered;
    }
    return this.#wait(tenant);
  }

  /** A turn that had entered is over. */
  leave(): void {
    this.#inside -= 1;
    this.#admitWaiting();
  }

  /** A loop that is late with next to nothing inside is made late by others: refusing turns would not help it. */
  #isInTrouble(): boolean {
    const cause = this.#options.trouble?.cause;
    return cause !== undefined && (cause !== "loop-lag" || this.#inside >= fewTurns);
  }

  #admitWaiting(): void {
    while (this.#inside < this.limit && this.#queue.admitNext()) {
      // each one that is admitted counts itself
    }
  }

  #wait(tenant: string): Promise<Entry> {
    const { clock, limits } = this.#options;
    const { promise, resolve } = Promise.withResolvers<Entry>();
    const timer = new AbortController();
    const decide = (entry: Entry): void => {
      timer.abort(decided);
      resolve(entry);
    };
    const waiting: Waiting = {
      tenant,
      admit: () => {
        this.#inside += 1;
        decide(entered);
      },
      refuse: () => decide(overloaded()),
    };
    clock.sleep(limits.queueMs, { signal: timer.signal }).then(
      () => {
        this.#queue.remove(waiting);
        resolve(overloaded());
      },
      () => undefined, // decided in time
    );
    this.#queue.add(waiting);
    return promise;
  }
}

function overloaded(): Entry {
  return { kind: "refused", failure: turnFailure("overloaded", "The server is at its limit of turns.", 1) };
}
