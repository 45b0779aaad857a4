/** One call of a language model, within its deadline and under its guard. */
import { abortable, type Clock, DeadlineExceededError, withDeadline } from "@lmos/primitives";
import type { ModelFailure } from "../model.ts";
import type { ModelGuard } from "./model-guard.ts";

/** What came of it. */
export type GuardedAnswer =
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "failed"; readonly failure: ModelFailure };

/** How a model is called. */
export interface GuardedCallOptions {
  readonly guard: ModelGuard;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Calls, if the guard lets it. Rejects only with the reason of the signal. */
export async function callGuarded(
  call: (options: { readonly signal: AbortSignal }) => Promise<string>,
  { guard, clock, timeoutMs, signal }: GuardedCallOptions,
): Promise<GuardedAnswer> {
  const admitted = guard.admit();
  if (admitted !== "go") return { kind: "failed", failure: admitted };
  using deadline = withDeadline("the language model", timeoutMs, { signal, clock });
  try {
    const text = await abortable(call({ signal: deadline.signal }), deadline.signal);
    guard.answered();
    return { kind: "answered", text };
  } catch (error) {
    if (signal.aborted) guard.abandoned();
    signal.throwIfAborted();
    guard.failed();
    return { kind: "failed", failure: error instanceof DeadlineExceededError ? "timeout" : "unavailable" };
  }
}
