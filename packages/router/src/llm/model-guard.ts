/**
 * What keeps a language model from costing too much: a budget of calls, and a breaker that lets it rest when it fails,
 * so that turns don't wait for what won't come.
 *
 *   closed ── three failures in a row ─► resting ── 10 s, doubled each time, at most 60 s ─► trying
 *     ▲                                     ▲                                                   │
 *     └───────────── it answers ────────────┼────────────────── one call ──────────────────────┘
 *                                           └────── it fails ───────┘
 */
import type { Clock } from "@lmos/primitives";
import { createMinuteBudget, type MinuteBudget } from "./minute-budget.ts";

/** Watches over the calls of one model, whoever makes them: share it between the classifiers that ask the model. */
export interface ModelGuard {
  /** Whether one more call is allowed now; it is then counted, and must be followed by `answered` or `failed`. */
  admit(): "go" | "over-budget" | "resting";
  /** The model has answered, sensibly or not. */
  answered(): void;
  /** It was too slow, or could not be asked. */
  failed(): void;
  /** The call was given up by whoever asked; it says nothing about the model. */
  abandoned(): void;
}

const defaultCallsPerMinute = 120;
const failuresToRest = 3;
const restMs = { first: 10_000, most: 60_000 };

/** A guard that allows `callsPerMinute` (120 unless given) within any minute. */
export function createModelGuard(options: {
  readonly clock: Pick<Clock, "monotonic">;
  readonly callsPerMinute?: number | undefined;
}): ModelGuard {
  return new BreakingGuard(options);
}

/**
 * One's share of a guard: no more than `callsPerMinute` of its calls, so that one of many cannot use up what is there for
 * all. Calls that are not allowed cost neither budget.
 */
export function shareModelGuard(
  guard: ModelGuard,
  { clock, callsPerMinute }: { readonly clock: Pick<Clock, "monotonic">; readonly callsPerMinute: number },
): ModelGuard {
  const own = createMinuteBudget(callsPerMinute, clock);
  return {
    admit: () => {
      if (!own.hasLeft(1)) return "over-budget";
      const admission = guard.admit();
      if (admission === "go") own.reserve(1);
      return admission;
    },
    answered: () => guard.answered(),
    failed: () => guard.failed(),
    abandoned: () => guard.abandoned(),
  };
}

class BreakingGuard implements ModelGuard {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #budget: MinuteBudget;
  #failures = 0;
  #rests = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #trying = false;

  constructor({ clock, callsPerMinute = defaultCallsPerMinute }: Parameters<typeof createModelGuard>[0]) {
    this.#clock = clock;
    this.#budget = createMinuteBudget(callsPerMinute, clock);
  }

  admit(): "go" | "over-budget" | "resting" {
    const isBroken = this.#failures >= failuresToRest;
    if (isBroken && (this.#trying || this.#clock.monotonic() < this.#restsUntil)) return "resting";
    if (this.#budget.reserve(1) === undefined) return "over-budget";
    this.#trying = isBroken;
    return "go";
  }

  answered(): void {
    this.#failures = 0;
    this.#rests = 0;
    this.#restsUntil = Number.NEGATIVE_INFINITY;
    this.#trying = false;
  }

  failed(): void {
    const nowMs = this.#clock.monotonic();
    if (nowMs < this.#restsUntil) return; // asked before it began to rest: one stall of many calls is one rest
    this.#failures++;
    this.#trying = false;
    if (this.#failures < failuresToRest) return;
    this.#restsUntil = nowMs + Math.min(restMs.first * 2 ** this.#rests, restMs.most);
    this.#rests++;
  }

  abandoned(): void {
    this.#trying = false;
  }
}
