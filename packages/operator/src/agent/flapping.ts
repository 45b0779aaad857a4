/**
 * Notices agents that become ready and not ready again and again. Such an agent counts as not ready until it has been
 * steady for a while, so that it moves no conversation to and fro (and costs no write each time).
 */
import { keyText, type ObjectKey } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";

/** Changes of readiness within {@link windowMs} that make an agent flap: twice down and up again. */
const mostChanges = 4;
const windowMs = 5 * 60_000;
const steadyMs = 60_000;

interface History {
  readonly isReady: boolean;
  /** When its readiness changed, the latest last, on the clock's monotonic scale. */
  readonly changedAtMs: readonly number[];
  readonly isFlapping: boolean;
}

/** What the readiness of one agent is worth. */
export type Steadiness =
  | { readonly kind: "steady" }
  | { readonly kind: "flapping"; readonly remainingMs: number };

/** The readiness of all agents over the last minutes. In memory only: after a restart every agent is steady. */
export class FlapDetector {
  readonly #clock: Clock;
  readonly #histories = new Map<string, History>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be told whenever an agent is looked at; says whether it flaps. */
  observe(key: ObjectKey, isReady: boolean): Steadiness {
    const nowMs = this.#clock.monotonic();
    const before = this.#histories.get(keyText(key));
    const isChange = before !== undefined && before.isReady !== isReady;
    const recent = (before?.changedAtMs ?? []).filter((at) => nowMs - at < windowMs).slice(-mostChanges);
    const changedAtMs = isChange ? [...recent, nowMs] : recent;
    const remainingMs = Math.max(0, (changedAtMs.at(-1) ?? Number.NEGATIVE_INFINITY) + steadyMs - nowMs);
    const isFlapping = remainingMs > 0 && (before?.isFlapping === true || changedAtMs.length >= mostChanges);
    this.#histories.set(keyText(key), { isReady, changedAtMs, isFlapping });
    return isFlapping ? { kind: "flapping", remainingMs } : { kind: "steady" };
  }

  /** Drops what is known of an agent that is gone. */
  forget(key: ObjectKey): void {
    this.#histories.delete(keyText(key));
  }
}
