/**
 * Some writes are waited for, others only tell what was done. Where many of the first kind are under way the others let them
 * pass, so that a server that can't keep up is late with what matters least; but never for longer than half a second each.
 */
import type { CallOptions } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";

/** So many urgent writes at a time hold up the others: a quarter of the connections of a client. */
const manyUrgent = 4;
const longestWaitMs = 500;

/** Who goes first. */
export class Precedence {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #urgent = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Writes at once, and holds up others meanwhile. */
  async urgent<R>(write: () => Promise<R>): Promise<R> {
    this.#urgent += 1;
    try {
      return await write();
    } finally {
      this.#urgent -= 1;
      if (this.#urgent < manyUrgent) for (const wake of this.#waiting) wake();
    }
  }

  /** Writes when fewer are urgent. Rejects with the signal's reason where that is aborted before. */
  async patient<R>(write: () => Promise<R>, { signal }: CallOptions): Promise<R> {
    if (this.#urgent >= manyUrgent) await this.#wait(signal);
    return write();
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#waiting.add(wake);
    try {
      await this.#clock.sleep(longestWaitMs, { signal: AbortSignal.any([signal, woken.signal]) });
    } catch {
      signal.throwIfAborted();
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
