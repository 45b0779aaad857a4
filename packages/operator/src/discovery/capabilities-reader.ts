/**
 * Reads `/.well-known/capabilities.json` of an agent that is not trusted: bounded in time and size, JSON only, no
 * redirects, no credentials, no compression (so that the size limit is that of what is read).
 */
import { type Clock, DeadlineExceededError, errorMessage, isRecord, withDeadline } from "@lmos/primitives";
import { type CapabilitiesDocument, capabilitiesPath, readCapabilitiesDocument } from "@lmos/protocol";
import { Agent as ConnectionPool, type Dispatcher, request } from "undici";

/** Why a document could not be read. */
export type ReadFailure =
  | "Unreachable"
  | "TimedOut"
  | "Redirected"
  | "UnexpectedStatus"
  | "NotJson"
  | "TooLarge"
  | "InvalidDocument";

/** What came of one reading. The message is the same whenever the failure is. */
export type CapabilitiesOutcome =
  | { readonly kind: "read"; readonly document: CapabilitiesDocument }
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
  /** Reads from `origin` (`http://host:port`). Throws only the signal's reason. */
  read(origin: string, options: { readonly signal: AbortSignal }): Promise<CapabilitiesOutcome>;
}

/** A reader with connections of its own. */
export function createCapabilitiesReader(options: {
  readonly clock: Clock;
  readonly limits?: ReadLimits | undefined;
}): CapabilitiesReader {
  const limits = options.limits ?? defaultReadLimits;
  const connections = new ConnectionPool({
    connect: { timeout: limits.connectMs },
    keepAliveTimeout: 1000,
    maxHeaderSize: 16 * 1024,
  });
  return {
    read: async (origin, { signal }) => {
      using deadline = withDeadline("reading capabilities", limits.totalMs, { signal, clock: options.clock });
      try {
        const reading = { connections, limits, signal: deadline.signal };
        return await readDocument(`${origin}${capabilitiesPath}`, reading);
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
}

async function readDocument(url: string, reading: Reading): Promise<CapabilitiesOutcome> {
  const response = await request(url, {
    dispatcher: reading.connections,
    signal: reading.signal,
    headers: { accept: "application/json", "accept-encoding": "identity" },
  });
  const { body } = response;
  const refusal = refuse(response, reading.limits);
  const text = refusal === undefined ? await readText(body, reading.limits.bytes) : undefined;
  // What is left unread must not keep its connection busy. The error handler is for what this very cut reports.
  body.on("error", () => undefined).destroy();
  if (refusal !== undefined) return refusal;
  return text === undefined ? tooLarge(reading.limits) : outcomeOf(text);
}

function refuse(
  { statusCode, headers }: Dispatcher.ResponseData,
  limits: ReadLimits,
): CapabilitiesOutcome | undefined {
  if (statusCode >= 300 && statusCode < 400) {
    return failed("Redirected", `answered with the redirect ${statusCode}, which is not followed`);
  }
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

function outcomeOf(text: string): CapabilitiesOutcome {
  const reading = readCapabilitiesDocument(text);
  if (reading.kind === "read") return reading;
  return failed(
    "InvalidDocument",
    `answered with a document that can't be read: ${reading.problems.join("; ")}`,
  );
}

function failureOf(error: unknown, limits: ReadLimits): CapabilitiesOutcome {
  if (error instanceof DeadlineExceededError) {
    return failed("TimedOut", `did not answer within ${limits.totalMs} ms`);
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
