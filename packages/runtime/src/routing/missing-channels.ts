/**
 * When an operator is believed that a channel is gone. It must say so three times in a row, and be known to speak of that
 * channel alone: it has said that the channel was deleted, or has found another one since. An operator that finds nothing at
 * all has likelier lost its objects, or is another one, and is doubted for as long as an API server without any routing.
 */
import { disbeliefMs } from "./refuse-empty-lists.ts";

/** How a channel that was known has been missing. */
export interface Missing {
  /** Answers in a row. */
  readonly times: number;
  readonly sinceMs: number;
  /** A watch told that it was deleted. */
  readonly deleted: boolean;
}

/** So often a channel must be missing in a row before its routing goes. */
export const missesUntilGone = 3;

/** One answer more. */
export function missingOnceMore(
  before: Missing | undefined,
  { deleted, nowMs }: { readonly deleted: boolean; readonly nowMs: number },
): Missing {
  return {
    times: (before?.times ?? 0) + 1,
    sinceMs: before?.sinceMs ?? nowMs,
    deleted: deleted || before?.deleted === true,
  };
}

/** True where it is gone. `foundAtMs` is when the operator last found a channel. */
export function isGone(
  { times, sinceMs, deleted }: Missing,
  { foundAtMs, nowMs }: { readonly foundAtMs: number; readonly nowMs: number },
): boolean {
  return times >= missesUntilGone && (deleted || foundAtMs > sinceMs || nowMs - sinceMs >= disbeliefMs);
}
