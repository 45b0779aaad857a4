/**
 * How many turns may run at once. Agents may take minutes, so the time of a turn says nothing about this process; how
 * late its own timers are does. Late twice in a row: fewer turns, by a fifth. In time, and the limit is in use: a little
 * more, step by step.
 */
import type { Clock } from "@lmos/primitives";

/** Milliseconds between two looks. */
const intervalMs = 50;
/** Lateness of a timer, in milliseconds, that means too much work. */
export const maxLatenessMs = 30;
const decrease = 0.8;
const increase = 1.05;
/** Share of the limit that must be in use before it grows. */
const inUse = 0.8;

/** What a limit is made of. */
export interface ConcurrencyLimitOptions {
  readonly clock: Clock;
  /** So many turns may always run. */
  readonly min: number;
  /** The limit never exceeds this. */
  readonly max: number;
  /** Turns that run now. */
  readonly running: () => number;
  /** Called when the limit has grown. */
  readonly onGrown: () => void;
}

/** A limit that follows the load. */
export class ConcurrencyLimit {
  readonly #options: ConcurrencyLimitOptions;
  #limit: number;
  #late = 0;

  constructor(options: ConcurrencyLimitOptions) {
    this.#options = options;
    this.#limit = options.max;
  }

  /** Turns that may run at once. */
  get value(): number {
    return Math.floor(this.#limit);
  }

  /** Takes note of how late a timer was. */
  adapt(latenessMs: number): void {
    const { min, max, running, onGrown } = this.#options;
    this.#late = latenessMs > maxLatenessMs ? this.#late + 1 : 0;
    if (this.#late > 1) {
      this.#limit = Math.min(max, Math.max(min, Math.min(this.#limit, running()) * decrease));
    } else if (this.#late === 0 && this.#limit < max && running() >= this.#limit * inUse) {
      this.#limit = Math.min(max, this.#limit * increase);
      onGrown();
    }
  }

  /** Looks again and again until the signal is aborted. */
  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const startedAt = clock.monotonic();
      await clock.sleep(intervalMs, { signal }).catch(() => undefined); // only the signal ends it early
      if (!signal.aborted) this.adapt(clock.monotonic() - startedAt - intervalMs);
    }
  }
}
