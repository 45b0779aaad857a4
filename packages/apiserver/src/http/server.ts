/** The HTTPS server on loopback: turns sockets into exchanges and writes replies, with back-pressure. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { isRecord, type Logger } from "@lmos/primitives";
import { ApiServerError } from "../errors.ts";
import type { Identity } from "../identity/identity.ts";
import { readBody } from "./body.ts";
import type { Api, Exchange } from "./exchange.ts";
import { handle } from "./handler.ts";
import { plainText, type Reply } from "./reply.ts";

/** A listening server; disposing it ends watches, lets other requests finish, and closes the connections. */
export interface HttpServer extends AsyncDisposable {
  readonly port: number;
}

/** What a server is started with. */
export interface HttpServerOptions {
  readonly api: Api;
  readonly identity: Identity;
  readonly port: number;
  readonly logger: Logger;
}

const host = "127.0.0.1";
const graceMs = 2000;

/** Listens on loopback. Throws `PortInUse`. */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const open = new Set<AbortController>();
  const { certificate: cert, key } = options.identity;
  const server = createServer({ cert, key, minVersion: "TLSv1.2", keepAliveTimeout: 120_000 });
  const requests = new Set<Promise<void>>();
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const ended = new AbortController();
    open.add(ended);
    const work = serve(options, { request, response, ended }).finally(() => {
      open.delete(ended);
      requests.delete(work);
    });
    requests.add(work);
  });
  const sockets = trackSockets(server);
  const port = await listen(server, options.port);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = server.listening ? once(server, "close") : Promise.resolve();
      server.close();
      for (const ended of open) ended.abort();
      await settledWithin(options, requests);
      for (const socket of sockets) socket.destroy();
      await Promise.all(requests);
      await closed;
    },
  };
}

/** The open sockets, those included on which no TLS has been spoken yet. */
function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return sockets;
}

/** Gives requests that are being answered some time to finish; a client that stalls does not hold up the stop. */
async function settledWithin({ api }: HttpServerOptions, requests: Iterable<Promise<void>>): Promise<void> {
  const enough = new AbortController();
  const time = api.registry.clock.sleep(graceMs, enough).catch(() => undefined); // called off: all have finished
  await Promise.race([Promise.all(requests), time]);
  enough.abort();
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const inUse = isRecord(error) && error["code"] === "EADDRINUSE";
    if (!inUse) throw error;
    const details = { port };
    throw new ApiServerError("PortInUse", `port ${port} of ${host} is in use`, { cause: error, details });
  }
  return portOf(server.address());
}

function portOf(address: string | AddressInfo | null): number {
  return address !== null && typeof address === "object" ? address.port : 0;
}

interface Connection {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted when the client has gone, which happens after every answer too, or the server stops. */
  readonly ended: AbortController;
}

/** Given as the reason, it spares each request the making of an error that nobody reads. */
const clientGone = new Error("the client has gone");

/** Serves one request; never rejects, as a broken connection concerns nobody else. */
async function serve(options: HttpServerOptions, { request, response, ended }: Connection): Promise<void> {
  const { signal } = ended;
  response.on("close", () => ended.abort(clientGone));
  response.on("error", () => ended.abort(clientGone)); // written to a socket that was closed a moment ago
  const { api, identity, logger } = options;
  const { path, query } = splitTarget(request.url ?? "/");
  const exchange = exchangeOf({ request, response, query, signal });
  try {
    const reply = await handle(api, exchange, { token: identity.token, logger, path });
    await write(reply, { request, response, signal });
  } catch (error) {
    if (!response.closed) logger.warn("A response could not be written", { path, error });
    response.destroy();
  }
}

/** Not through `URL`, which throws on some of what may come. */
function splitTarget(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  return { path, query: new URLSearchParams(mark < 0 ? "" : target.slice(mark)) };
}

function exchangeOf(from: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly signal: AbortSignal;
}): Exchange {
  const { request, response, query, signal } = from;
  return {
    method: request.method ?? "GET",
    query,
    headers: request.headers,
    body: () => readBody(request),
    warn: (text) => response.appendHeader("Warning", `299 - ${quoted(text)}`),
    signal,
  };
}

/** A text in quotes that may stand in a header, where only ASCII may. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/g, "?");
}

async function write(
  reply: Reply,
  {
    request,
    response,
    signal,
  }: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly signal: AbortSignal },
): Promise<void> {
  if (response.closed) return;
  response.setHeader("Cache-Control", "no-cache, private");
  response.setHeader("Content-Type", reply.contentType);
  if (reply.contentType === plainText) response.setHeader("X-Content-Type-Options", "nosniff");
  if (!request.complete) response.setHeader("Connection", "close"); // a body that nobody reads ends the connection
  if (reply.kind === "text") {
    response.statusCode = reply.status;
    response.end(reply.text);
    return;
  }
  response.writeHead(200).flushHeaders();
  for await (const line of reply.lines) {
    if (!response.write(line)) await drained(response, signal);
    if (response.closed) return;
  }
  response.end();
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, "drain", { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
