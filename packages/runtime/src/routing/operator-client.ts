/** Asks an operator's REST API, ours or the Kotlin one, as the Kotlin runtime does. */
import {
  abortable,
  type Clock,
  errorMessage,
  readEvents,
  type StreamEvent,
  withDeadline,
} from "@lmos/primitives";
import type { ChannelIdentity } from "@lmos/resources";
import { defaultSubset } from "@lmos/resources";
import { type OperatorWording, operatorWording } from "./operator-wording.ts";

/** An answer of the operator. */
export type OperatorAnswer =
  | {
      readonly kind: "found";
      readonly body: unknown;
      /** The body as it came. */
      readonly text: string;
      readonly etag: string | undefined;
    }
  /** Equal to what the given ETag stands for. */
  | { readonly kind: "unchanged" }
  | { readonly kind: "missing" }
  /** `reason` is for the log, `message` may be shown to a client. */
  | { readonly kind: "failed"; readonly message: string; readonly reason: string };

/** What is asked for. */
export interface OperatorQuery {
  readonly tenant: string;
  /** All channels of the tenant unless given. */
  readonly channel?: string | undefined;
  readonly routing?: boolean | undefined;
  readonly subset: string | undefined;
  readonly namespace?: string | undefined;
  /** ETag of the answer that is known. */
  readonly etag?: string | undefined;
}

/** What came of asking for a watch. */
export type OperatorWatch =
  /** Ends when the operator ends it, or throws; leaving the loop closes it. */
  | { readonly kind: "open"; readonly events: AsyncIterable<StreamEvent> }
  /** The operator knows no watches: it is the Kotlin one, or an older one of ours. */
  | { readonly kind: "unsupported" }
  | { readonly kind: "failed"; readonly reason: string };

/** How a watch is opened. */
export interface WatchOptions {
  /** Where an earlier watch of the same was; undefined to begin with what there is. */
  readonly lastEventId: string | undefined;
  /** Called for whatever is heard, comments included. */
  readonly onHeard: () => void;
  readonly signal: AbortSignal;
}

/** Asks; never rejects, but with the signal's reason. */
export interface OperatorClient {
  get(query: OperatorQuery, options: { readonly signal: AbortSignal }): Promise<OperatorAnswer>;
  watch(query: OperatorQuery, options: WatchOptions): Promise<OperatorWatch>;
}

const timeoutMs = 5000;
/** Bytes of an answer. */
const maxBytes = 8 * 1024 * 1024;
/** Milliseconds of silence after which a watch is given up: an operator says something every 15 s. */
const silenceMs = 45_000;

/** A client of the operator under that address. */
export function createOperatorClient(options: {
  readonly url: string;
  readonly clock: Clock;
}): OperatorClient {
  const { clock } = options;
  const base = options.url.replace(/\/+$/, "");
  return {
    get: async (query, { signal }) => {
      if (namesNothing(query)) return { kind: "missing" };
      const wording = operatorWording(query);
      using deadline = withDeadline("Asking the operator", timeoutMs, { signal, clock });
      try {
        // A redirection is not followed: an operator answers itself, and it is an answer like any other that is no success.
        const init = { headers: headersOf(query), signal: deadline.signal, redirect: "manual" } as const;
        return await readAnswer(await fetch(`${base}${pathOf(query)}`, init), query, wording);
      } catch (error) {
        signal.throwIfAborted();
        return failed(wording.unanswered, errorMessage(error));
      }
    },
    watch: async (query, options) => {
      const { lastEventId, signal } = options;
      const closed = new AbortController();
      using deadline = withDeadline("Asking the operator for a watch", timeoutMs, { signal, clock });
      const headers = {
        ...headersOf(query),
        accept: "text/event-stream",
        ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
      };
      const init = {
        headers,
        signal: AbortSignal.any([signal, closed.signal]),
        redirect: "error",
      } as const;
      try {
        const opening = fetch(`${base}${pathOf(query)}?watch=true`, init);
        const response = await abortable(opening, deadline.signal);
        const refusal = watchRefusal(response);
        if (refusal === undefined) {
          const heard = heardChunks(response.body ?? [], { ...options, clock });
          return { kind: "open", events: closing(readEvents(heard, { maxLength: maxBytes }), closed) };
        }
        closed.abort();
        return refusal;
      } catch (error) {
        closed.abort();
        signal.throwIfAborted();
        return { kind: "failed", reason: errorMessage(error) };
      }
    },
  };
}

/** Refusals that are not for good. */
const passing: ReadonlySet<number> = new Set([401, 403, 408, 429]);

function watchRefusal({ status, headers }: Response): Exclude<OperatorWatch, { kind: "open" }> | undefined {
  if (status === 200 && headers.get("content-type")?.startsWith("text/event-stream") === true)
    return undefined;
  return status >= 500 || passing.has(status)
    ? { kind: "failed", reason: `status ${status}` }
    : { kind: "unsupported" };
}

/** Passes chunks on; a silence that is too long ends them with a DeadlineExceededError. */
async function* heardChunks(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { clock, signal, onHeard }: Pick<WatchOptions, "signal" | "onHeard"> & { readonly clock: Clock },
): AsyncGenerator<Uint8Array> {
  const chunks = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
  for (;;) {
    using deadline = withDeadline("Hearing of the operator", silenceMs, { signal, clock });
    const next = await abortable(Promise.resolve(chunks.next()), deadline.signal);
    if (next.done === true) return;
    onHeard();
    yield next.value;
  }
}

/** The same events; the connection is closed when nobody reads them any more. */
async function* closing(
  events: AsyncIterable<StreamEvent>,
  closed: AbortController,
): AsyncGenerator<StreamEvent> {
  try {
    yield* events;
  } finally {
    closed.abort();
  }
}

/** The query for one routing; the operator reads a missing subset as the default. */
export function routingQuery({ tenant, channel, subset }: ChannelIdentity): OperatorQuery {
  return { tenant, channel, routing: true, subset: subset === defaultSubset ? undefined : subset };
}

/** Parts are encoded: a tenant `a/b` is a tenant of that name and nobody else's path. */
function pathOf({ tenant, channel, routing = false }: OperatorQuery): string {
  const channels = `/apis/v1/tenants/${encodeURIComponent(tenant)}/channels`;
  if (channel === undefined) return channels;
  return `${channels}/${encodeURIComponent(channel)}${routing ? "/routing" : ""}`;
}

/** An address with `.` or `..` for a part is another address, however they are encoded: nothing has such a name. */
function namesNothing({ tenant, channel }: OperatorQuery): boolean {
  return [tenant, channel].some((name) => name === "." || name === "..");
}

function headersOf({ subset, namespace, etag }: OperatorQuery): Record<string, string> {
  return {
    accept: "application/json",
    ...(subset === undefined ? {} : { "x-subset": subset }),
    ...(namespace === undefined ? {} : { "x-namespace": namespace }),
    ...(etag === undefined ? {} : { "if-none-match": etag }),
  };
}

async function readAnswer(
  response: Response,
  { etag }: OperatorQuery,
  wording: OperatorWording,
): Promise<OperatorAnswer> {
  if (response.status === 304 && etag !== undefined) return { kind: "unchanged" };
  const text = await readText(response);
  if (response.status === 404) return { kind: "missing" };
  if (!response.ok) return failed(wording.refused, `status ${response.status}`);
  if (text === undefined) return failed(wording.unreadable, "the answer is too large");
  try {
    return { kind: "found", body: JSON.parse(text), text, etag: response.headers.get("etag") ?? undefined };
  } catch (error) {
    return failed(wording.unreadable, errorMessage(error));
  }
}

async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks)); // without a byte order mark
}

function failed(message: string, reason: string): OperatorAnswer {
  return { kind: "failed", message, reason };
}
