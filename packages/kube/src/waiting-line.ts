/** Those who wait for something to do. One is woken at a time: hundreds of idle workers cost nothing while one is needed. */
import type { CallOptions } from "./client.ts";

/** Who waits, in the order in which they came. */
export class WaitingLine {
  /** How each is woken, and the signal that lets it go. */
  readonly #waiting = new Map<() => void, AbortSignal>();
  /** Each is listened to once for all who wait with it: an event target looks at every listener when one is added. */
  readonly #heeded = new WeakSet<AbortSignal>();

  /** How many wait. */
  get length(): number {
    return this.#waiting.size;
  }

  /** Resolves when it was this one's turn to be woken, or when it need not wait any longer as the signal is aborted. */
  async join({ signal }: CallOptions): Promise<void> {
    if (signal.aborted) return;
    this.#heed(signal);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(() => resolve(), signal);
    await promise;
  }

  /** Wakes the one that has waited longest; nothing where nobody waits. */
  wakeOne(): void {
    for (const wake of this.#waiting.keys()) {
      this.#wake(wake);
      return;
    }
  }

  #heed(signal: AbortSignal): void {
    if (this.#heeded.has(signal)) return;
    this.#heeded.add(signal);
    const letGo = (): void => {
      for (const [wake, own] of this.#waiting) if (own === signal) this.#wake(wake);
    };
    signal.addEventListener("abort", letGo, { once: true });
  }

  #wake(wake: () => void): void {
    this.#waiting.delete(wake);
    wake();
  }
}
