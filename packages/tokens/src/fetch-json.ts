/** Reads a JSON document of an issuer of tokens: no redirects, bounded in time and size. */
import { type Clock, withDeadline } from "@lmos/primitives";

const fetchMs = 5000;
const maxBytes = 256 * 1024;

/** Reads documents. */
export type FetchJson = (url: string, options: { readonly signal: AbortSignal }) => Promise<unknown>;

/**
 * Makes a {@link FetchJson} over HTTP. What it throws names the address and never what was read.
 */
export function createFetchJson(clock: Clock): FetchJson {
  return async (url, { signal }) => {
    using deadline = withDeadline(`Reading ${url}`, fetchMs, { signal, clock });
    const headers = { accept: "application/json" };
    const response = await fetch(url, { headers, redirect: "error", signal: deadline.signal });
    if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
    return JSON.parse(await readBounded(response.body, url));
  };
}

async function readBounded(body: ReadableStream<Uint8Array>, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`${url} is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
