/** Waits for a client that has more to read than it should. */
import type { EventEmitter } from "node:events";
import { type Alarm, alarmsOf, type Clock, DeadlineExceededError, type Ringable } from "@lmos/primitives";
import type { RuntimeLimits } from "../limits.ts";

/** For how long is waited. */
export interface DrainPatience {
  readonly clock: Clock;
  readonly limits: Pick<RuntimeLimits, "stalledReaderMs">;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

/**
 * Resolves when the client has read what waited for it.
 *
 * @throws DeadlineExceededError when it takes nothing for too long, or the signal's reason.
 */
export function drained(response: EventEmitter, patience: DrainPatience): Promise<void> {
  if (patience.signal.aborted) return Promise.reject(patience.signal.reason);
  const { promise, ...settler } = Promise.withResolvers<void>();
  new Drain(response, patience, settler).begin();
  return promise;
}

/** True when a stream was given up because its reader stalled. */
export function isStalledReader(error: unknown): boolean {
  return error instanceof DeadlineExceededError;
}

/**
 * One wait. It has an alarm and no signal of its own: a flood makes a wait for each event, and signals that depend on others
 * are freed only when all garbage is collected.
 */
class Drain implements Ringable {
  readonly #response: EventEmitter;
  readonly #patience: DrainPatience;
  readonly #settler: Pick<PromiseWithResolvers<void>, "resolve" | "reject">;
  #alarm: Alarm | undefined;

  constructor(
    response: EventEmitter,
    patience: DrainPatience,
    settler: Pick<PromiseWithResolvers<void>, "resolve" | "reject">,
  ) {
    this.#response = response;
    this.#patience = patience;
    this.#settler = settler;
  }

  begin(): void {
    const { clock, limits, signal } = this.#patience;
    this.#alarm = alarmsOf(clock).set(limits.stalledReaderMs, this);
    this.#response.on("drain", this.#onDrain);
    this.#response.on("error", this.#onDrain); // it is followed by the close, which aborts
    signal.addEventListener("abort", this.#onAbort);
  }

  /** For its alarm. */
  ring(): void {
    this.#end();
    const { stalledReaderMs } = this.#patience.limits;
    this.#settler.reject(new DeadlineExceededError("Reading an event stream", stalledReaderMs));
  }

  readonly #onDrain = (): void => {
    this.#end();
    this.#settler.resolve();
  };

  readonly #onAbort = (): void => {
    this.#end();
    this.#settler.reject(this.#patience.signal.reason);
  };

  #end(): void {
    this.#alarm?.cancel();
    this.#response.off("drain", this.#onDrain);
    this.#response.off("error", this.#onDrain);
    this.#patience.signal.removeEventListener("abort", this.#onAbort);
  }
}
