import { nextTurn } from "@lmos/primitives";
import type { Steps } from "@lmos/ranking";

/** Runs work that pauses; in every pause whatever else is due has its turn. */
export async function inTurns<T>(steps: Steps<T>, { signal }: { readonly signal: AbortSignal }): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await nextTurn();
    signal.throwIfAborted();
  }
}
