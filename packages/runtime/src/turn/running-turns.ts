/** The turns that run now: how many there may be, and how they end when the runtime stops. */
import { RuntimeError } from "../errors.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";

/** A turn's place; dispose it when the turn is over. */
export interface RunningTurn extends Disposable {
  /** Aborted when the turn has to end early; the reason is a {@link RuntimeError}. */
  readonly signal: AbortSignal;
  abort(reason: RuntimeError): void;
}

/** A place, or why there is none. */
export type Admission =
  | { readonly kind: "admitted"; readonly running: RunningTurn }
  | { readonly kind: "refused"; readonly failure: TurnFailure };

/** Admits turns. */
export class RunningTurns {
  readonly #max: number;
  readonly #controllers = new Set<AbortController>();
  readonly #idle = Promise.withResolvers<void>();
  #closed = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many turns run now. */
  get size(): number {
    return this.#controllers.size;
  }

  /** Takes a place. */
  admit(): Admission {
    if (this.#closed) return refused("server_shutdown", "The server is shutting down.");
    if (this.size >= this.#max) return refused("overloaded", "The server is at its limit of turns.");
    const controller = new AbortController();
    this.#controllers.add(controller);
    const leave = (): void => this.#leave(controller);
    return {
      kind: "admitted",
      running: {
        signal: controller.signal,
        abort: (reason) => controller.abort(reason),
        [Symbol.dispose]: leave,
      },
    };
  }

  /** Admits no more turns; resolves when the last one is over. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.size === 0) this.#idle.resolve();
    return this.#idle.promise;
  }

  /** Ends the turns that still run. */
  abortAll(): void {
    const reason = new RuntimeError("ShuttingDown", "the runtime stops");
    for (const controller of this.#controllers) controller.abort(reason);
  }

  #leave(controller: AbortController): void {
    this.#controllers.delete(controller);
    if (this.#closed && this.size === 0) this.#idle.resolve();
  }
}

function refused(code: "overloaded" | "server_shutdown", message: string): Admission {
  return { kind: "refused", failure: turnFailure(code, message, 1) };
}
