/** The little of Qdrant's REST API that is needed, bounded in time and size. */
import { type Clock, errorMessage, withDeadline } from "@lmos/primitives";
import { RouterError } from "../errors.ts";

/** Where Qdrant is. */
export interface QdrantConnection {
  /** Of the REST API, such as `http://localhost:6333`. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** Time for one request (default 5 s). */
  readonly timeoutMs?: number | undefined;
  readonly clock: Clock;
}

/** A request below the address; undefined in place of an answer where there is nothing (404). */
export type QdrantCall = (
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  options: { readonly body?: unknown; readonly signal: AbortSignal },
) => Promise<unknown>;

const maxResponseBytes = 64 * 1024 * 1024;

/** Its function rejects with a RouterError `StoreUnavailable`, or the signal's reason. */
export function createQdrantCall(connection: QdrantConnection): QdrantCall {
  const { apiKey, clock, timeoutMs = 5_000 } = connection;
  const base = connection.url.replace(/\/+$/, "");
  const headers = {
    "content-type": "application/json",
    ...(apiKey === undefined ? {} : { "api-key": apiKey }),
  };
  return async (method, path, { body, signal }) => {
    using deadline = withDeadline(`Qdrant at ${base}`, timeoutMs, { signal, clock });
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        redirect: "error",
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: deadline.signal,
      });
      return await answerOf(response, `${method} ${path}`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RouterError) throw error;
      throw unavailable(base, errorMessage(error), error);
    }
  };
}

async function answerOf(response: Response, request: string): Promise<unknown> {
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw unavailable(response.url, `${request} was answered with ${response.status}`);
  }
  return JSON.parse(await readText(response));
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxResponseBytes) throw unavailable(response.url, "its answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unavailable(url: string, reason: string, cause?: unknown): RouterError {
  return new RouterError("StoreUnavailable", `Qdrant at ${url} cannot be used: ${reason}`, { cause });
}
