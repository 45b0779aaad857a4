/**
 * The deadlines of an agent's answer with one alarm: for its first result, for each one after that, and for all of it.
 * Time in which the turn's reader keeps the answer waiting counts for the whole only.
 */
import { type Alarm, alarmsOf, type Clock, type Ringable } from "@lmos/primitives";
import type { RuntimeLimits } from "../limits.ts";

/** What a deadline is made of. */
export interface CallDeadlineOptions {
  readonly clock: Clock;
  readonly limits: Pick<RuntimeLimits, "firstResultMs" | "betweenResultsMs">;
  /** Milliseconds for the whole answer. */
  readonly totalMs: number;
  /** Who is told when it is over. */
  readonly owner: LateListener;
}

/** Who is told of a deadline. */
export interface LateListener {
  /** Called once, unless the deadline is disposed first. Must not throw. */
  onLate(): void;
}

/** Runs from its construction until it is disposed. */
export class CallDeadline implements Disposable, Ringable {
  readonly #clock: Clock;
  readonly #betweenResultsMs: number;
  readonly #owner: LateListener;
  readonly #endsAt: number;
  #dueAt: number;
  #alarm: Alarm | undefined;

  constructor({ clock, limits, totalMs, owner }: CallDeadlineOptions) {
    const now = clock.monotonic();
    this.#clock = clock;
    this.#betweenResultsMs = limits.betweenResultsMs;
    this.#owner = owner;
    this.#endsAt = now + totalMs;
    this.#dueAt = Math.min(this.#endsAt, now + limits.firstResultMs);
    this.#wait(this.#dueAt - now);
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
    this.#alarm?.cancel();
  }

  /** For its alarm. */
  ring(): void {
    const leftMs = this.#dueAt - this.#clock.monotonic();
    if (leftMs <= 0) this.#owner.onLate();
    else this.#wait(leftMs);
  }

  /** No wait is longer than the shortest deadline that a result can set: so none has to be cut short. */
  #wait(leftMs: number): void {
    this.#alarm = alarmsOf(this.#clock).set(Math.min(leftMs, this.#betweenResultsMs), this);
  }
}
