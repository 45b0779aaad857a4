/**
 * Does the server's own work one piece after the other, each in a turn of its own so that requests are answered in
 * between. Pieces are keyed: one that is waiting already is not added again.
 */

import { type Logger, nextTurn } from "@lmos/primitives";

/** Takes work until it is stopped. */
export class WorkLoop implements AsyncDisposable {
  readonly #pending = new Map<string, () => void>();
  readonly #logger: Logger;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a piece of work; it reads what it needs when its turn has come. */
  add(key: string, work: () => void): void {
    if (this.#stopped || this.#pending.has(key)) return;
    this.#pending.set(key, work);
    this.#running ??= this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#pending.clear();
    await this.#running;
  }

  async #run(): Promise<void> {
    await nextTurn();
    for (const [key, work] of this.#pending) {
      this.#pending.delete(key);
      this.#perform(key, work);
      await nextTurn();
    }
    this.#running = undefined;
  }

  #perform(key: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#logger.error("A piece of the server's own work failed", { key, error });
    }
  }
}
