import type { Clock, OwnedSignal } from "@lmos/primitives";
import { KubeError } from "./errors.ts";

/** A signal that is aborted when nothing was heard for too long, or with its parent. */
export interface IdleTimer extends OwnedSignal {
  /** Something was heard. */
  touch(): void;
}

/** Starts the timer; its abort reason is a KubeError `Timeout`. Dispose it when the stream is over. */
export function startIdleTimer(
  what: string,
  idleMs: number,
  { signal, clock }: { readonly signal: AbortSignal; readonly clock: Clock },
): IdleTimer {
  const stopped = new AbortController();
  const expired = new AbortController();
  let heardAtMs = clock.monotonic();
  // One sleeper however much is heard: it looks again when the time would be over.
  const watchIdle = async (): Promise<void> => {
    let leftMs = idleMs;
    while (leftMs > 0) {
      await clock.sleep(leftMs, { signal: stopped.signal });
      leftMs = idleMs - (clock.monotonic() - heardAtMs);
    }
    expired.abort(new KubeError("Timeout", `${what}: nothing heard for ${idleMs} ms`));
  };
  watchIdle().catch(() => undefined); // rejects only when stopped
  return {
    signal: AbortSignal.any([signal, expired.signal]),
    touch: () => {
      heardAtMs = clock.monotonic();
    },
    [Symbol.dispose]: () => stopped.abort(),
  };
}
