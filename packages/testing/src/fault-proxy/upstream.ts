/** Passes requests on to the API server with its own credentials. */
import { once } from "node:events";
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

/** Where the API server is and how to be let in. */
export interface Upstream {
  /** Base URL, `https://…` or `http://…`. */
  readonly server: string;
  /** Headers of every request, such as `authorization`; the client's own are replaced. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** PEM texts. */
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
}

/** A request as it came in. */
export interface PassedRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** Connections to one API server. */
export class UpstreamConnections implements Disposable {
  readonly #upstream: Upstream;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(upstream: Upstream) {
    const { certificateAuthority: ca, clientCertificate: cert, clientKey: key } = upstream;
    const isPlain = upstream.server.startsWith("http:");
    this.#upstream = upstream;
    this.#agent = isPlain
      ? new HttpAgent({ keepAlive: true })
      : new HttpsAgent({ keepAlive: true, ca, cert, key });
  }

  /** The head of the server's answer; its body is still to be read. */
  async send(passed: PassedRequest): Promise<IncomingMessage> {
    const agent = this.#agent;
    const send = agent instanceof HttpsAgent ? requestHttps : requestHttp;
    const { byteLength } = passed.body;
    // Node frames the body of a DELETE only where it is told how long it is.
    const length = byteLength === 0 ? {} : { "content-length": String(byteLength) };
    const headers = { ...endToEnd(passed.headers), ...this.#upstream.headers, ...length };
    const outgoing = send(new URL(passed.url, this.#upstream.server), {
      method: passed.method,
      headers,
      agent,
    });
    const answered = once(outgoing, "response");
    outgoing.end(passed.body);
    const [answer]: readonly IncomingMessage[] = await answered;
    if (answer === undefined) throw new Error("an answer without a message");
    return answer;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

const hopByHop = new Set([
  "connection",
  "host",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "accept-encoding",
]);

/** Headers that mean something beyond one connection. */
export function endToEnd(headers: PassedRequest["headers"]): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || hopByHop.has(name)) continue;
    kept[name] = typeof value === "string" ? value : [...value];
  }
  return kept;
}
