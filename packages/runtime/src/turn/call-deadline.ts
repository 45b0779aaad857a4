/**
 * The deadlines of an agent's answer with one timer: for its first result, for each one after that, and for all of it.
 * Time in which the turn's reader keeps the answer waiting counts for the whole only.
 */
import { type Clock, DeadlineExceededError } from "@lmos/primitives";
import type { RuntimeLimits } from "../limits.ts";

/** What a deadline is made of. */
export interface CallDeadlineOptions {
  readonly clock: Clock;
  readonly limits: Pick<RuntimeLimits, "firstResultMs" | "betweenResultsMs" | "totalMs">;
  /** The turn's own; its abort is passed on. */
  readonly signal: AbortSignal;
}

/** Made once: an abort without a reason makes an exception with a stack trace each time. */
const over = new Error("the answer is complete");

/** Runs from its construction until it is disposed. */
export class CallDeadline implements Disposable {
  readonly #options: CallDeadlineOptions;
  readonly #controller = new AbortController();
  readonly #endsAt: number;
  #dueAt: number;

  constructor(options: CallDeadlineOptions) {
    this.#options = options;
    const { clock, limits, signal } = options;
    const now = clock.monotonic();
    this.#endsAt = now + limits.totalMs;
    this.#dueAt = Math.min(this.#endsAt, now + limits.firstResultMs);
    signal.addEventListener("abort", this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    this.#watch().catch(() => undefined); // only its own signal ends it early
  }

  /** Aborted with a {@link DeadlineExceededError}, or with the turn's reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A result is here and is being read. */
  hold(): void {
    this.#dueAt = this.#endsAt;
  }

  /** The next result is waited for. */
  expectNext(): void {
    const { clock, limits } = this.#options;
    this.#dueAt = Math.min(this.#endsAt, clock.monotonic() + limits.betweenResultsMs);
  }

  [Symbol.dispose](): void {
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    this.#controller.abort(over);
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#options.signal.reason);

  /** No sleep is longer than the shortest deadline that a result can set: so none has to be cut short. */
  async #watch(): Promise<void> {
    const { clock, limits } = this.#options;
    const startedAt = clock.monotonic();
    for (;;) {
      const now = clock.monotonic();
      if (now >= this.#dueAt) {
        this.#controller.abort(new DeadlineExceededError("An agent's answer", now - startedAt));
        return;
      }
      const ms = Math.min(this.#dueAt - now, limits.betweenResultsMs);
      await clock.sleep(ms, { signal: this.#controller.signal });
    }
  }
}
