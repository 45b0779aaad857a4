/** Repeats calls that may be repeated: a few times, with jitter, and not before the server said. */
import { type BackoffPolicy, backoffDelayMs, type Clock, type Random } from "@lmos/primitives";
import { KubeError, type KubeErrorCode } from "./errors.ts";

/** How to wait between the attempts. */
export interface RetryOptions {
  /** Whether doing it twice is the same as doing it once. */
  readonly idempotent: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

const attempts = 4;
const longestRetryAfterMs = 30_000;
const backoff: BackoffPolicy = { initialMs: 250, maxMs: 4_000, factor: 2, jitter: 0.5 };
/** The server did not do it, or says that it is not known whether it did. */
const retriable: ReadonlySet<KubeErrorCode> = new Set(["TooManyRequests", "Unavailable", "Unreachable"]);

/** Runs `call`, and again after a failure that may pass, three times more at most. */
export async function withRetries<R>(call: () => Promise<R>, options: RetryOptions): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const delayMs = retryDelayMs(error, attempt, options);
      if (delayMs === undefined) throw error;
      await options.clock.sleep(delayMs, { signal: options.signal });
    }
  }
}

/** Milliseconds to wait before the next attempt; undefined when there is to be none. */
function retryDelayMs(error: unknown, attempt: number, options: RetryOptions): number | undefined {
  if (!(error instanceof KubeError) || !retriable.has(error.code)) return undefined;
  if (!options.idempotent || attempt + 1 >= attempts) return undefined;
  const asked = error.details["retryAfterMs"];
  const earliestMs = typeof asked === "number" ? asked : 0;
  if (earliestMs > longestRetryAfterMs) return undefined;
  return earliestMs + backoffDelayMs(backoff, attempt, options.random);
}

/** Milliseconds that a `Retry-After` header asks for: seconds, or a date. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
