/** The way of every door but the first into the pipeline: a turn gets its place, runs, and leaves it. */
import { RuntimeError } from "../errors.ts";
import { runTurn, type TurnServices } from "../turn/run-turn.ts";
import type { RunningTurns } from "../turn/running-turns.ts";
import type { Turn, TurnEvent } from "../turn/turn.ts";

/** Where turns run. */
export interface AdmittedTurnServices {
  readonly turns: TurnServices;
  readonly running: RunningTurns;
}

/**
 * Runs an accepted turn; one that is not admitted is a single `error`. Aborting, or leaving the loop, means that the
 * client is gone.
 */
export async function* runAdmitted(
  turn: Turn,
  { turns, running: places }: AdmittedTurnServices,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<TurnEvent, void> {
  const admission = await places.admit(turn);
  if (admission.kind === "refused") return yield { kind: "error", failure: admission.failure };
  using running = admission.running;
  const leave = (): void => running.abort(new RuntimeError("ClientDisconnected", "the client is gone"));
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  try {
    yield* runTurn(turn, turns, { signal: running.signal });
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
