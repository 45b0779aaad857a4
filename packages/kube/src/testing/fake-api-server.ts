/** An HTTP server whose answers the test writes one by one: `await server.next()` is the next request, in order. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { isRecord } from "@lmos/primitives";
import type { KubeConnection } from "../connection.ts";

/** A request that waits for its answer. */
export class Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, body: string, response: ServerResponse) {
    const url = new URL(request.url ?? "/", "http://server.test");
    this.method = request.method ?? "";
    this.path = url.pathname;
    this.query = Object.fromEntries(url.searchParams);
    this.headers = request.headers;
    this.body = body === "" ? undefined : JSON.parse(body);
    this.#response = response;
  }

  /** Answers as a whole; anything but a text is sent as JSON. */
  reply(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
    this.#response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  }

  /** Sends a part of a streamed answer; resolves when it is on its way. */
  async send(...parts: readonly (string | Uint8Array)[]): Promise<void> {
    for (const part of parts) {
      await new Promise<void>((resolve) => this.#response.write(part, () => resolve()));
    }
  }

  /** Starts a streamed answer that says nothing yet. */
  open(): void {
    this.#response.writeHead(200).flushHeaders();
  }

  /** Ends a streamed answer as a server does. */
  end(): void {
    this.#response.end();
  }

  /** Breaks the connection. */
  cut(): void {
    this.#response.destroy();
  }

  /** Resolves when the client is gone. */
  async closed(): Promise<void> {
    if (!this.#response.closed) await once(this.#response, "close");
  }
}

/** The server. Dispose it: that cuts every connection. */
export class FakeApiServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #waiting: Exchange[] = [];
  readonly #takers: ((exchange: Exchange) => void)[] = [];
  /** Requests that came in so far. */
  received = 0;
  /** Connections that were opened so far. */
  connections = 0;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (_socket: Socket) => {
      this.connections += 1;
    });
    server.on("request", (request, response) => void this.#accept(request, response));
  }

  static async start(): Promise<FakeApiServer> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FakeApiServer(server);
  }

  get connection(): KubeConnection {
    return { server: `http://127.0.0.1:${portOf(this.#server.address())}`, namespace: "home" };
  }

  /** The next request that nobody has taken. */
  next(): Promise<Exchange> {
    const exchange = this.#waiting.shift();
    if (exchange !== undefined) return Promise.resolve(exchange);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #accept(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = new Exchange(request, await text(request), response);
    this.received += 1;
    const taker = this.#takers.shift();
    if (taker === undefined) this.#waiting.push(exchange);
    else taker(exchange);
  }
}

function portOf(address: AddressInfo | string | null): number {
  return isRecord(address) && typeof address["port"] === "number" ? address["port"] : 0;
}
