/** One call of a language model, within its deadline, under its guard, and paid out of a budget of tokens. */
import { abortable, type Clock, DeadlineExceededError, withDeadline } from "@lmos/primitives";
import type { ModelFailure } from "../model.ts";
import type { ModelCallOptions } from "./chat-model.ts";
import type { MinuteBudget, Reservation } from "./minute-budget.ts";
import type { ModelGuard } from "./model-guard.ts";
import { estimateTokens, type TokenUsage, totalTokens } from "./token-usage.ts";

/** What came of it. */
export type GuardedAnswer =
  | { readonly kind: "answered"; readonly text: string }
  | { readonly kind: "failed"; readonly failure: GuardedFailure };

type GuardedFailure = Exclude<ModelFailure, "invalid-answer">;

/** A call that has ended, or was not made. */
export interface ModelCall {
  /** `abandoned`: whoever asked has gone. */
  readonly outcome: "answered" | "abandoned" | GuardedFailure;
  /** Undefined where nothing was used, as far as is known. */
  readonly usage: TokenUsage | undefined;
}

/** Who pays for calls, and who wants to know of them. */
export interface ModelSpending {
  /** Of tokens, for input and output together; without end unless given. */
  readonly tokens?: MinuteBudget | undefined;
  /** Called once for each call, also for those that were not allowed. */
  readonly onCall?: ((call: ModelCall) => void) | undefined;
}

/** How a model is called. */
export interface GuardedCallOptions extends ModelSpending {
  readonly guard: ModelGuard;
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** What the call takes at most. */
  readonly most: TokenUsage;
  readonly signal: AbortSignal;
}

/** Calls, if guard and budget let it. Rejects only with the reason of the signal. */
export async function callGuarded(
  call: (options: ModelCallOptions) => Promise<string>,
  options: GuardedCallOptions,
): Promise<GuardedAnswer> {
  const { guard, clock, timeoutMs, signal, most } = options;
  const admission = admit(options);
  if (typeof admission === "string") {
    options.onCall?.({ outcome: admission, usage: undefined });
    return { kind: "failed", failure: admission };
  }
  using deadline = withDeadline("the language model", timeoutMs, { signal, clock });
  const bill = new Bill(admission, options);
  try {
    const asked = call({ signal: deadline.signal, onUsage: (usage) => bill.report(usage) });
    const text = await abortable(asked, deadline.signal);
    guard.answered();
    bill.settle("answered", { ...most, output: estimateTokens(text) });
    return { kind: "answered", text };
  } catch (error) {
    if (signal.aborted) guard.abandoned();
    // A service goes on when its caller has gone: that counts as much as it can have been.
    if (signal.aborted) bill.settle("abandoned", most);
    signal.throwIfAborted();
    guard.failed();
    const failure = error instanceof DeadlineExceededError ? "timeout" : "unavailable";
    bill.settle(failure, failure === "timeout" ? most : undefined);
    return { kind: "failed", failure };
  }
}

/** The tokens that are set aside, or why there is no call; then they are given back. */
function admit({ guard, tokens, most }: GuardedCallOptions): Reservation | "over-budget" | "resting" {
  const reservation = tokens === undefined ? unlimited : tokens.reserve(totalTokens(most));
  if (reservation === undefined) return "over-budget";
  const admission = guard.admit();
  if (admission === "go") return reservation;
  reservation.settle(0);
  return admission;
}

const unlimited: Reservation = { settle: () => undefined };

/** What a call has used, as soon as that is known. */
class Bill {
  readonly #reservation: Reservation;
  readonly #onCall: ModelSpending["onCall"];
  #reported: TokenUsage | undefined;

  constructor(reservation: Reservation, { onCall }: ModelSpending) {
    this.#reservation = reservation;
    this.#onCall = onCall;
  }

  report(usage: TokenUsage): void {
    this.#reported = usage;
  }

  /** By what was reported, else by the estimate. */
  settle(outcome: ModelCall["outcome"], estimate: TokenUsage | undefined): void {
    const usage = this.#reported ?? estimate;
    this.#reservation.settle(usage === undefined ? 0 : totalTokens(usage));
    this.#onCall?.({ outcome, usage });
  }
}
