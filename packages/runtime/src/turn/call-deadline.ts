/**
 * The deadlines of an agent's answer with one alarm: for its first result, for each one after that, and for all of it.
 * Time in which the turn's reader keeps the answer waiting counts for the whole only.
 */
import { type Alarm, alarmsOf, type Clock, DeadlineExceededError, type Ringable } from "@lmos/primitives";
import type { RuntimeLimits } from "../limits.ts";

/** What a deadline is made of. */
export interface CallDeadlineOptions {
  readonly clock: Clock;
  readonly limits: Pick<RuntimeLimits, "firstResultMs" | "betweenResultsMs">;
  /** Milliseconds for the whole answer. */
  readonly totalMs: number;
  /** The turn's own; its abort is passed on. */
  readonly signal: AbortSignal;
}

/** Runs from its construction until it is disposed. */
export class CallDeadline implements Disposable, Ringable {
  readonly #clock: Clock;
  readonly #betweenResultsMs: number;
  readonly #turn: AbortSignal;
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  readonly #endsAt: number;
  #dueAt: number;
  #alarm: Alarm | undefined;

  constructor({ clock, limits, totalMs, signal }: CallDeadlineOptions) {
    this.#clock = clock;
    this.#betweenResultsMs = limits.betweenResultsMs;
    this.#turn = signal;
    this.#startedAt = clock.monotonic();
    this.#endsAt = this.#startedAt + totalMs;
    this.#dueAt = Math.min(this.#endsAt, this.#startedAt + limits.firstResultMs);
    signal.addEventListener("abort", this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    else this.ring();
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
    this.#dueAt = Math.min(this.#endsAt, this.#clock.monotonic() + this.#betweenResultsMs);
  }

  [Symbol.dispose](): void {
    this.#turn.removeEventListener("abort", this.#onAbort);
    this.#alarm?.cancel();
  }

  /** For its alarm. No wait is longer than the shortest deadline that a result can set: so none has to be cut short. */
  ring(): void {
    const now = this.#clock.monotonic();
    if (now >= this.#dueAt) {
      this.#controller.abort(new DeadlineExceededError("An agent's answer", now - this.#startedAt));
      return;
    }
    this.#alarm = alarmsOf(this.#clock).set(Math.min(this.#dueAt - now, this.#betweenResultsMs), this);
  }

  readonly #onAbort = (): void => {
    this.#alarm?.cancel();
    this.#controller.abort(this.#turn.reason);
  };
}
