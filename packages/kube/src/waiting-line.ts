/** Those who wait for something to do. One is woken at a time: hundreds of idle workers cost nothing while one is needed. */
import type { CallOptions } from "./client.ts";

/** Who waits, in the order in which they came. */
export class WaitingLine {
  readonly #waiting = new Set<() => void>();

  /** How many wait. */
  get length(): number {
    return this.#waiting.size;
  }

  /** Resolves when it was this one's turn to be woken, or when it need not wait any longer as the signal is aborted. */
  async join({ signal }: CallOptions): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#waiting.add(wake);
    signal.addEventListener("abort", wake, { once: true });
    await promise;
    signal.removeEventListener("abort", wake);
    this.#waiting.delete(wake);
  }

  /** Wakes the one that has waited longest; nothing where nobody waits. */
  wakeOne(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    first();
  }
}
