/** Requests to services: bounded in time and size, tried again where that can help. */
import { backoffDelayMs, type Clock, errorMessage, type Random, withDeadline } from "@lmos/primitives";
import { EmbeddingsError } from "./errors.ts";

/** How a service is asked. */
export interface RequestPolicy {
  readonly clock: Clock;
  readonly random: Random;
  /** Time for one attempt, its body included. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  readonly maxResponseBytes: number;
}

/** An answer with the status 200 to 299. */
export interface ServiceAnswer {
  readonly body: Buffer;
}

const backoff = { initialMs: 500, maxMs: 20_000, factor: 2, jitter: 0.5 };
/** A server that asks for more patience than this is away. */
const longestRetryAfterMs = 60_000;

interface Failure {
  readonly error: EmbeddingsError;
  readonly retryable: boolean;
  readonly retryAfterMs: number;
}

/**
 * Asks until there is an answer or the attempts are used up. 429, 5xx, time-outs and broken connections are tried again,
 * not before `Retry-After`; what else is refused is final.
 *
 * @throws EmbeddingsError `ServiceFailed`; the signal's reason when aborted.
 */
export async function requestWithRetry(
  url: string,
  request: RequestInit,
  policy: RequestPolicy & { readonly signal: AbortSignal },
): Promise<ServiceAnswer> {
  const { clock, random, retries, signal } = policy;
  for (let attempt = 0; ; attempt++) {
    const outcome = await attemptOnce(url, request, policy);
    if ("body" in outcome) return outcome;
    if (!outcome.retryable || attempt >= retries) throw outcome.error;
    await clock.sleep(Math.max(outcome.retryAfterMs, backoffDelayMs(backoff, attempt, random)), { signal });
  }
}

async function attemptOnce(
  url: string,
  request: RequestInit,
  policy: RequestPolicy & { readonly signal: AbortSignal },
): Promise<ServiceAnswer | Failure> {
  using deadline = withDeadline(`the request to ${url}`, policy.timeoutMs, policy);
  try {
    const response = await fetch(url, { ...request, signal: deadline.signal });
    if (!response.ok) return await refused(url, response, policy.clock);
    return { body: await readBody(response, policy.maxResponseBytes) };
  } catch (error) {
    policy.signal.throwIfAborted();
    if (error instanceof EmbeddingsError) return { error, retryable: false, retryAfterMs: 0 };
    return { error: failed(url, reasonOf(error), {}, error), retryable: true, retryAfterMs: 0 };
  }
}

async function refused(url: string, response: Response, clock: Clock): Promise<Failure> {
  await response.body?.cancel();
  const { status } = response;
  const remedy = status === 401 || status === 403 ? "; check the API key" : "";
  const retryAfterMs = retryAfterOf(response.headers.get("retry-after"), clock.now());
  return {
    error: failed(url, `it answered ${status}${remedy}`, { status }),
    retryable: (status === 429 || status >= 500) && retryAfterMs <= longestRetryAfterMs,
    retryAfterMs,
  };
}

/** Seconds, or a date (RFC 9110 section 10.2.3); 0 where there is none. */
function retryAfterOf(header: string | null, nowMs: number): number {
  if (header === null || header.trim() === "") return 0;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs);
}

async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw failed(response.url, `its answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The reason below: `fetch failed` alone says nothing. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)} (${errorMessage(cause)})`;
}

function failed(
  url: string,
  reason: string,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): EmbeddingsError {
  return new EmbeddingsError("ServiceFailed", `no answer from ${url}: ${reason}`, {
    cause,
    details: { url, ...details },
  });
}
