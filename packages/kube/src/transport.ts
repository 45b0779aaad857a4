/**
 * HTTP to one API server: requests as data in, texts or byte streams out, every failure a {@link KubeError}.
 * Knows credentials, time-outs, sizes and retries; knows nothing of resources.
 */
import { type Clock, type Random, withDeadline } from "@lmos/primitives";
import type { Dispatcher } from "undici";
import type { CallOptions } from "./client.ts";
import type { KubeConnection } from "./connection.ts";
import { openPools } from "./connection-pools.ts";
import { createCredentialCache } from "./credential-cache.ts";
import { isKubeError, KubeError } from "./errors.ts";
import { errorOfAnswer, errorOfTransport } from "./failure.ts";
import { parseRetryAfter, withRetries } from "./retry.ts";

/** One request. */
export interface TransportRequest {
  /** The call in words, for messages: `get ConfigMap default/a`. */
  readonly what: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path with query, from the server's base URL on. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  /** Whether doing it twice is the same as doing it once. */
  readonly idempotent: boolean;
}

/** How requests reach the server. */
export interface Transport extends AsyncDisposable {
  /** The parsed JSON body of a successful answer. */
  send(request: TransportRequest, options: CallOptions): Promise<unknown>;
  /** The body of a successful answer as it arrives; no retries, no time-out but that of the caller. */
  open(request: TransportRequest, options: CallOptions): Promise<AsyncIterable<Uint8Array>>;
}

/** What a transport is made of. */
export interface TransportOptions {
  readonly connection: KubeConnection;
  readonly userAgent: string;
  readonly clock: Clock;
  readonly random: Random;
}

const attemptTimeoutMs = 60_000;
const maxBodyBytes = 64 * 1024 * 1024;

/** A transport over undici pools. */
export function createTransport({ connection, userAgent, clock, random }: TransportOptions): Transport {
  const server = new URL(connection.server);
  const basePath = server.pathname.replace(/\/$/, "");
  const credentials = createCredentialCache(connection, clock);
  const pools = openPools(server.origin, credentials);

  const exchange = async (pool: Dispatcher, request: TransportRequest, { signal }: CallOptions) => {
    const { headers } = await credentials.current();
    const answer = await pool.request({
      method: request.method,
      path: basePath + request.path,
      headers: { ...headers, accept: "application/json", "user-agent": userAgent, ...contentType(request) },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
    });
    if (answer.statusCode < 300) return answer.body;
    const text = await readText(answer.body, request.what);
    const retryAfterMs = parseRetryAfter(headerText(answer.headers["retry-after"]), clock.now());
    throw errorOfAnswer({ ...request, status: answer.statusCode, body: jsonOrText(text), retryAfterMs });
  };

  const attempt = async (request: TransportRequest, { signal }: CallOptions): Promise<unknown> => {
    using deadline = withDeadline(request.what, attemptTimeoutMs, { signal, clock });
    try {
      const body = await exchange(pools.calls, request, { signal: deadline.signal });
      return parseJson(await readText(body, request.what), request.what);
    } catch (error) {
      throw errorOfTransport(deadlineOf(deadline.signal, error), request.what, signal);
    }
  };

  /** A 401 may only mean that the credentials were renewed meanwhile: asks for them and tries once more. */
  const authorized = async <R>(call: () => Promise<R>): Promise<R> => {
    try {
      return await call();
    } catch (error) {
      if (!isKubeError(error, "Unauthorized")) throw error;
      credentials.forget();
      return call();
    }
  };

  return {
    send: (request, { signal }) =>
      withRetries(() => authorized(() => attempt(request, { signal })), {
        idempotent: request.idempotent,
        clock,
        random,
        signal,
      }),
    open: async (request, { signal }) => {
      try {
        const body = await authorized(() => exchange(pools.watches, request, { signal }));
        return withKubeErrors(body, request.what, signal);
      } catch (error) {
        throw errorOfTransport(error, request.what, signal);
      }
    },
    [Symbol.asyncDispose]: () => pools[Symbol.asyncDispose](),
  };
}

/** The deadline's own error where it is what ended the attempt: undici wraps abort reasons. */
function deadlineOf(signal: AbortSignal, error: unknown): unknown {
  return signal.aborted ? signal.reason : error;
}

async function* withKubeErrors(
  body: AsyncIterable<Uint8Array>,
  what: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw errorOfTransport(error, what, signal);
  }
}

async function readText(body: AsyncIterable<Uint8Array>, what: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes)
      throw new KubeError("ResponseTooLarge", `${what}: more than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new KubeError("ProtocolError", `${what}: the answer is not JSON`, { cause: error });
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // proxies and unknown paths answer in plain text
  }
}

function contentType(request: TransportRequest): Record<string, string> {
  return request.body === undefined ? {} : { "content-type": request.contentType ?? "application/json" };
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
