/**
 * Lets changes that agents cause come to rest before they are written, so that a burst of late agents costs each
 * channel one activation instead of one for each agent. What a person changed, and what is wrong from now on, is
 * written at once.
 */
import { keyText, type ObjectKey } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";

/** How long a change may wait: `quietMs` after it last turned out different, `atMostMs` in all. */
export interface Patience {
  readonly quietMs: number;
  readonly atMostMs: number;
}

/** A better routing: agents that come together are told in one write. */
export const patienceForRouting: Patience = { quietMs: 25, atMostMs: 50 };
/** Requirements that are still unmet, but others than before. */
export const patienceForProgress: Patience = { quietMs: 2000, atMostMs: 10_000 };
/** A status that says what it said before, of a newer generation: an object that is edited again and again gets one for all. */
export const patienceForGeneration: Patience = { quietMs: 1000, atMostMs: 5000 };

interface Waiting {
  readonly sinceMs: number;
  readonly differentSinceMs: number;
  readonly outcome: string;
}

/** Which changes wait, by key. In memory only: after a restart a change waits anew. */
export class Settling {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds that the change to `outcome` has still to wait; 0 where it is to be made now. */
  remaining(key: ObjectKey, outcome: string, { quietMs, atMostMs }: Patience): number {
    const nowMs = this.#clock.monotonic();
    const before = this.#waiting.get(keyText(key));
    const isSame = before?.outcome === outcome;
    const waiting = {
      sinceMs: before?.sinceMs ?? nowMs,
      differentSinceMs: isSame ? before.differentSinceMs : nowMs,
      outcome,
    };
    this.#waiting.set(keyText(key), waiting);
    return Math.max(0, Math.min(waiting.differentSinceMs + quietMs, waiting.sinceMs + atMostMs) - nowMs);
  }

  /** Nothing waits for that key any longer. */
  forget(key: ObjectKey): void {
    this.#waiting.delete(keyText(key));
  }
}
