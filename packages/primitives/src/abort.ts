import type { Clock } from "./clock.ts";
import { LmosError } from "./error.ts";

/** A signal together with the duty to release what it holds. */
export interface OwnedSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** Thrown, as an abort reason, when a deadline has passed. */
export class DeadlineExceededError extends LmosError<"DeadlineExceeded"> {
  constructor(what: string, timeoutMs: number) {
    super("DeadlineExceeded", `${what} took longer than ${timeoutMs} ms`, { details: { timeoutMs } });
  }
}

/** Made once: an abort without a reason makes an exception with a stack trace each time. */
const disposed = new Error("the deadline is no longer needed");

/**
 * A signal that is aborted with the parent, or with a {@link DeadlineExceededError} after `timeoutMs`.
 * Dispose it when the work is done: that stops the timer.
 */
export function withDeadline(
  what: string,
  timeoutMs: number,
  options: { readonly signal: AbortSignal; readonly clock: Clock },
): OwnedSignal {
  const timer = new AbortController();
  const expired = new AbortController();
  options.clock.sleep(timeoutMs, { signal: timer.signal }).then(
    () => expired.abort(new DeadlineExceededError(what, timeoutMs)),
    () => undefined, // disposed before it expired
  );
  return {
    signal: AbortSignal.any([options.signal, expired.signal]),
    [Symbol.dispose]: () => timer.abort(disposed),
  };
}

/** Settles like `work`, or rejects with the signal's reason as soon as it is aborted; `work` itself goes on. */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined); // who gave up no longer listens: a later failure is nobody's
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Resolves (never rejects) when the signal is aborted. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
