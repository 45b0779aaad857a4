import type { Clock, OwnedSignal } from "@lmos/primitives";

/** Made once: an abort without a reason makes an exception with a stack trace each time. */
const notNeeded = new Error("the lag is no longer needed");

/** A signal that is aborted `lagMs` milliseconds after its parent. Dispose it when it is no longer needed. */
export function lagBehind(parent: AbortSignal, lagMs: number, clock: Clock): OwnedSignal {
  const over = new AbortController();
  const disposed = new AbortController();
  const onAbort = (): void => {
    clock.sleep(lagMs, { signal: disposed.signal }).then(
      () => over.abort(parent.reason),
      () => undefined, // disposed before
    );
  };
  if (parent.aborted) onAbort();
  else parent.addEventListener("abort", onAbort, { once: true });
  return {
    signal: over.signal,
    [Symbol.dispose]: () => {
      parent.removeEventListener("abort", onAbort);
      disposed.abort(notNeeded);
    },
  };
}
