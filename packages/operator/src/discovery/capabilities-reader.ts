/**
 * Reads how an agent that is not trusted describes itself: its capabilities.json, or else its A2A card, or else its
 * Thing Description. Bounded in time and size, JSON only, no redirects, no credentials, no compression (so that the size
 * limit is that of what is read). What has not changed since it was last read is not sent again (ETag).
 */
import { type Clock, DeadlineExceededError, errorMessage, isRecord, withDeadline } from "@lmos/primitives";
import {
  agentCardPath,
  type CapabilitiesDocument,
  type CapabilitiesReading,
  capabilitiesPath,
  readAgentCard,
  readCapabilitiesDocument,
  readThingDescription,
  thingDescriptionPath,
} from "@lmos/protocol";
import { Agent as ConnectionPool, type Dispatcher, request } from "undici";
import { forbiddenAddress, guardedLookup, type ResolveHost } from "./address-guard.ts";
import { traceParentHeader } from "./trace-parent.ts";

/** Why a document could not be read. */
export type ReadFailure =
  | "NotFound"
  | "Unreachable"
  | "ForbiddenAddress"
  | "TimedOut"
  | "Redirected"
  | "UnexpectedStatus"
  | "NotJson"
  | "TooLarge"
  | "InvalidDocument";

/** A document that was read, in the one form that all are brought into. */
export interface ReadDocument {
  readonly kind: "read";
  readonly document: CapabilitiesDocument;
  /** Where it was found, and what says that it is still the same; to be handed to the next reading. */
  readonly path?: string | undefined;
  readonly etag?: string | undefined;
}

/** What came of one reading. The message is the same whenever the failure is. */
export type CapabilitiesOutcome =
  | ReadDocument
  | { readonly kind: "failed"; readonly reason: ReadFailure; readonly message: string };

/** How long a reading may take and how much may come. */
export interface ReadLimits {
  readonly connectMs: number;
  readonly totalMs: number;
  readonly bytes: number;
}

/** What an agent gets: 2 s to accept the connection, 5 s in all, 256 KiB. */
export const defaultReadLimits: ReadLimits = { connectMs: 2000, totalMs: 5000, bytes: 256 * 1024 };

/** Reads documents. Disposing it cuts its connections. */
export interface CapabilitiesReader extends AsyncDisposable {
  /**
   * Reads from `origin` (`http://host:port`). `known` is what was read from there before: it is the outcome again where
   * the agent says that it has not changed. Throws only the signal's reason.
   */
  read(
    origin: string,
    options: { readonly signal: AbortSignal; readonly known?: ReadDocument | undefined },
  ): Promise<CapabilitiesOutcome>;
}

/** A reader with connections of its own. */
export function createCapabilitiesReader(options: {
  readonly clock: Clock;
  readonly limits?: ReadLimits | undefined;
  /** Refuses addresses that no pod has; none is refused unless given, as on a laptop, where agents are on loopback. */
  readonly guard?: { readonly resolve?: ResolveHost | undefined } | undefined;
}): CapabilitiesReader {
  const limits = options.limits ?? defaultReadLimits;
  const connections = new ConnectionPool({
    connect: {
      timeout: limits.connectMs,
      ...(options.guard === undefined ? {} : { lookup: guardedLookup(options.guard.resolve) }),
    },
    keepAliveTimeout: 1000,
    maxHeaderSize: 16 * 1024,
  });
  return {
    read: async (origin, { signal, known }) => {
      using deadline = withDeadline("reading capabilities", limits.totalMs, { signal, clock: options.clock });
      try {
        return await readFirst(origin, { connections, limits, signal: deadline.signal, known });
      } catch (error) {
        signal.throwIfAborted();
        return failureOf(error, limits);
      }
    },
    [Symbol.asyncDispose]: () => connections.destroy(),
  };
}

interface Reading {
  readonly connections: Dispatcher;
  readonly limits: ReadLimits;
  readonly signal: AbortSignal;
  readonly known: ReadDocument | undefined;
}

/** A form in which agents describe themselves. */
interface Form {
  readonly path: string;
  readonly read: (text: string) => CapabilitiesReading;
}

/** In the order in which they are tried. */
const forms: readonly Form[] = [
  { path: capabilitiesPath, read: readCapabilitiesDocument },
  { path: agentCardPath, read: readAgentCard },
  { path: thingDescriptionPath, read: readThingDescription },
];

/** The first form that the agent has. Where it has none, the outcome is that of the first. */
async function readFirst(origin: string, reading: Reading): Promise<CapabilitiesOutcome> {
  const outcomes: CapabilitiesOutcome[] = [];
  for (const form of forms) {
    const outcome = await readDocument(`${origin}${form.path}`, form, reading);
    if (outcome.kind === "read" || outcome.reason !== "NotFound") return outcome;
    outcomes.push(outcome);
  }
  return outcomes[0] ?? failed("NotFound", "describes itself in no known form");
}

async function readDocument(url: string, form: Form, reading: Reading): Promise<CapabilitiesOutcome> {
  const known = reading.known?.path === form.path ? reading.known : undefined;
  const response = await request(url, {
    dispatcher: reading.connections,
    signal: reading.signal,
    headers: {
      accept: "application/json, application/td+json",
      "accept-encoding": "identity",
      ...traceParentHeader(),
      ...(known?.etag === undefined ? {} : { "if-none-match": known.etag }),
    },
  });
  const { body, statusCode, headers } = response;
  const isSame = statusCode === 304 && known?.etag !== undefined;
  const settled = isSame ? known : refuse(response, reading.limits);
  const text = settled === undefined ? await readText(body, reading.limits.bytes) : undefined;
  // What is left unread must not keep its connection busy. The error handler is for what this very cut reports.
  body.on("error", () => undefined).destroy();
  if (settled !== undefined) return settled;
  return text === undefined ? tooLarge(reading.limits) : outcomeOf(text, form, etagOf(headers["etag"]));
}

const longestEtag = 256;

function etagOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" && header.length <= longestEtag ? header : undefined;
}

function refuse(
  { statusCode, headers }: Dispatcher.ResponseData,
  limits: ReadLimits,
): CapabilitiesOutcome | undefined {
  if (statusCode >= 300 && statusCode < 400) {
    return failed("Redirected", `answered with the redirect ${statusCode}, which is not followed`);
  }
  if (statusCode === 404) return failed("NotFound", "answered with the status 404");
  if (statusCode !== 200) return failed("UnexpectedStatus", `answered with the status ${statusCode}`);
  if (!isJson(headers["content-type"])) return failed("NotJson", "answered with something other than JSON");
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity")
    return failed("NotJson", "answered in a compressed form that was not asked for");
  return Number(headers["content-length"] ?? 0) > limits.bytes ? tooLarge(limits) : undefined;
}

function isJson(contentType: string | readonly string[] | undefined): boolean {
  return typeof contentType === "string" && /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
}

/** The text, or undefined where there are more bytes than that. */
async function readText(body: AsyncIterable<Uint8Array>, limit: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function outcomeOf(text: string, { read, path }: Form, etag: string | undefined): CapabilitiesOutcome {
  const reading = read(text);
  if (reading.kind === "read") return { ...reading, path, ...(etag === undefined ? {} : { etag }) };
  return failed(
    "InvalidDocument",
    `answered with a document that can't be read: ${reading.problems.join("; ")}`,
  );
}

function failureOf(error: unknown, limits: ReadLimits): CapabilitiesOutcome {
  if (error instanceof DeadlineExceededError) {
    return failed("TimedOut", `did not answer within ${limits.totalMs} ms`);
  }
  if (codeOf(error) === forbiddenAddress) {
    return failed("ForbiddenAddress", "leads to an address that is not followed");
  }
  return failed("Unreachable", `can't be reached (${codeOf(error)})`);
}

/** `ECONNREFUSED` and the like: unlike the message, it does not name a port that changes with each start. */
function codeOf(error: unknown): string {
  return isRecord(error) && typeof error["code"] === "string" ? error["code"] : errorMessage(error);
}

function tooLarge({ bytes }: ReadLimits): CapabilitiesOutcome {
  return failed("TooLarge", `answered with more than ${bytes} bytes`);
}

function failed(reason: ReadFailure, message: string): CapabilitiesOutcome {
  return { kind: "failed", reason, message };
}
