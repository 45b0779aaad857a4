/** The turns that run now: whether one more may begin, and how they end when the runtime stops. */
import type { Entry } from "../admission/turn-gate.ts";
import type { Asker, TurnQuotas } from "../admission/turn-quotas.ts";
import { RuntimeError } from "../errors.ts";
import { type TurnFailure, type TurnFailureCode, turnFailure } from "./failure.ts";

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

/** Says whether there is room for a turn, see {@link TurnGate}. */
export interface TurnEntrance {
  enter(tenant: string): Entry | Promise<Entry>;
  leave(): void;
}

/** Admits turns. */
export class RunningTurns {
  readonly #entrance: TurnEntrance;
  readonly #quotas: TurnQuotas | undefined;
  readonly #onRefused: (reason: TurnFailureCode) => void;
  readonly #running = new Set<AdmittedTurn>();
  readonly #idle = Promise.withResolvers<void>();
  #closed = false;

  /** There are no quotas of users unless they are given; `onRefused` is told of each turn that is not admitted. */
  constructor(
    entrance: TurnEntrance,
    quotas?: TurnQuotas,
    onRefused: (reason: TurnFailureCode) => void = () => undefined,
  ) {
    this.#entrance = entrance;
    this.#quotas = quotas;
    this.#onRefused = onRefused;
  }

  /** How many turns run now. */
  get size(): number {
    return this.#running.size;
  }

  /** Takes a place for a turn; that may take a moment when there is none. */
  async admit(asker: Asker): Promise<Admission> {
    const admission = await this.#decide(asker);
    if (admission.kind === "refused") this.#onRefused(admission.failure.code);
    return admission;
  }

  async #decide(asker: Asker): Promise<Admission> {
    if (this.#closed) return shuttingDown();
    const failure = this.#quotas?.enter(asker);
    if (failure !== undefined) return { kind: "refused", failure };
    const entry = await this.#entrance.enter(asker.tenant);
    if (entry.kind === "entered" && !this.#closed) return { kind: "admitted", running: this.#start(asker) };
    this.#quotas?.leave(asker);
    if (entry.kind === "refused") return entry;
    this.#entrance.leave();
    return shuttingDown();
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
    for (const turn of this.#running) turn.abort(reason);
  }

  #start(asker: Asker): RunningTurn {
    const turn = new AdmittedTurn(asker, this.#leave);
    this.#running.add(turn);
    return turn;
  }

  readonly #leave = (turn: AdmittedTurn): void => {
    if (!this.#running.delete(turn)) return;
    this.#quotas?.leave(turn.asker);
    this.#entrance.leave();
    if (this.#closed && this.size === 0) this.#idle.resolve();
  };
}

class AdmittedTurn implements RunningTurn {
  readonly asker: Asker;
  readonly #controller = new AbortController();
  readonly #leave: (turn: AdmittedTurn) => void;

  constructor(asker: Asker, leave: (turn: AdmittedTurn) => void) {
    this.asker = asker;
    this.#leave = leave;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: RuntimeError): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    this.#leave(this);
  }
}

function shuttingDown(): Admission {
  return { kind: "refused", failure: turnFailure("server_shutdown", "The server is shutting down.", 1) };
}
