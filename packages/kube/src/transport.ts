/**
 * HTTP to one API server: requests as data in, texts or byte streams out, every failure a {@link KubeError}.
 * Knows credentials, time-outs, sizes and retries; knows nothing of resources.
 */

import { abortable, type Clock, type Random, withDeadline } from "@lmos/primitives";
import type { Span, Tracer } from "@opentelemetry/api";
import type { CallOptions } from "./client.ts";
import type { Credentials, KubeConnection } from "./connection.ts";
import { type ConnectionPools, openPools, type Pools } from "./connection-pools.ts";
import { type CredentialCache, createCredentialCache } from "./credential-cache.ts";
import { isKubeError, KubeError } from "./errors.ts";
import { errorOfAnswer, errorOfTransport } from "./failure.ts";
import type { KubeMetrics } from "./metrics.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";
import { requestBody } from "./request-body.ts";
import { parseRetryAfter, withRetries } from "./retry.ts";
import type { Allowance } from "./token-bucket.ts";
import { inSpan, type SpanDescription } from "./tracing.ts";

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
  readonly rateLimit?: Allowance | undefined;
  readonly metrics?: KubeMetrics | undefined;
  readonly tracer?: Tracer | undefined;
}

const attemptTimeoutMs = 60_000;
const maxBodyBytes = 64 * 1024 * 1024;

/** A transport over undici pools. */
export function createTransport(options: TransportOptions): Transport {
  return new HttpTransport(options);
}

class HttpTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #basePath: string;
  readonly #credentials: CredentialCache;
  readonly #pools: ConnectionPools;
  readonly #rateLimit: RateLimit | undefined;

  constructor(options: TransportOptions) {
    const server = new URL(options.connection.server);
    this.#options = options;
    this.#basePath = server.pathname.replace(/\/$/, "");
    this.#credentials = createCredentialCache(options.connection, options.clock);
    this.#pools = openPools(server.origin);
    const { rateLimit, clock } = options;
    this.#rateLimit = rateLimit === undefined ? undefined : createRateLimit(rateLimit, clock);
  }

  send(request: TransportRequest, { signal }: CallOptions): Promise<unknown> {
    const { clock, random } = this.#options;
    const call = (): Promise<unknown> => this.#attempt(request, { signal });
    return withRetries(call, { idempotent: request.idempotent, clock, random, signal });
  }

  async open(request: TransportRequest, { signal }: CallOptions): Promise<AsyncIterable<Uint8Array>> {
    try {
      const body = await this.#exchange("watches", request, { signal });
      return withKubeErrors(body, request.what, signal);
    } catch (error) {
      throw errorOfTransport(error, request.what, signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pools[Symbol.asyncDispose]();
  }

  async #attempt(request: TransportRequest, { signal }: CallOptions): Promise<unknown> {
    const { clock } = this.#options;
    using deadline = withDeadline(request.what, attemptTimeoutMs, { signal, clock });
    try {
      const body = await this.#exchange("calls", request, { signal: deadline.signal });
      return parseJson(await readText(body, request.what), request.what);
    } catch (error) {
      throw errorOfTransport(deadlineOf(deadline.signal, error), request.what, signal);
    }
  }

  /** A 401 may only mean that the credentials were renewed meanwhile: asks for them and tries once more. */
  async #exchange(
    use: keyof Pools,
    request: TransportRequest,
    options: CallOptions,
  ): Promise<AsyncIterable<Uint8Array>> {
    let refused: Credentials | undefined;
    try {
      refused = await abortable(this.#credentials.current(), options.signal);
      return await this.#observed(use, request, { ...options, credentials: refused });
    } catch (error) {
      if (!isKubeError(error, "Unauthorized")) throw error;
      this.#credentials.refuse(refused);
      const credentials = await abortable(this.#credentials.current(), options.signal);
      return this.#observed(use, request, { ...options, credentials });
    }
  }

  /** One HTTP request, when it is its turn, in a span of its own, counted by its outcome. */
  async #observed(
    use: keyof Pools,
    request: TransportRequest,
    options: Authorized,
  ): Promise<AsyncIterable<Uint8Array>> {
    const { tracer } = this.#options;
    await this.#rateLimit?.pass(options);
    return inSpan(tracer, requestSpan(request), (span) => this.#request(use, request, { ...options, span }));
  }

  /** The body of a successful answer; throws the KubeError of any other. */
  async #request(
    use: keyof Pools,
    request: TransportRequest,
    { credentials, signal, span }: Authorized & { readonly span: Span | undefined },
  ): Promise<AsyncIterable<Uint8Array>> {
    const { metrics, clock } = this.#options;
    const dispatched = this.#pools.for(credentials)[use].request({
      method: request.method,
      path: this.#basePath + request.path,
      headers: this.#headers(request, credentials),
      body: request.body === undefined ? null : requestBody(request.body),
      signal,
    });
    dispatched.catch(() => metrics?.requested(request.method, "<error>"));
    const answer = await dispatched;
    metrics?.requested(request.method, String(answer.statusCode));
    span?.setAttribute("http.response.status_code", answer.statusCode);
    if (answer.statusCode < 300) return answer.body;
    const body = jsonOrText(await readText(answer.body, request.what));
    const retryAfterMs = parseRetryAfter(headerText(answer.headers["retry-after"]), clock.now());
    throw errorOfAnswer({ what: request.what, status: answer.statusCode, body, retryAfterMs });
  }

  #headers(request: TransportRequest, credentials: Credentials): Record<string, string> {
    const type =
      request.body === undefined ? {} : { "content-type": request.contentType ?? "application/json" };
    const agent = { "user-agent": this.#options.userAgent };
    return { ...credentials.headers, accept: "application/json", ...agent, ...type };
  }
}

interface Authorized extends CallOptions {
  readonly credentials: Credentials;
}

function requestSpan({ method, what }: TransportRequest): SpanDescription {
  const attributes = { "http.request.method": method, "kubernetes.call": what };
  return { name: `Kubernetes ${method}`, kind: "client", attributes };
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

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
