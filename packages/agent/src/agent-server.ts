// The server of one or more agents: HTTP routes, and the door to the sockets. Stopping drains: readiness turns
// red, new sockets and operations are refused, open turns finish or are cut off when their time is over.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { abortable, type Clock, withDeadline } from "@lmos/primitives";
import {
  arcSubprotocol,
  defaultFrameLimits,
  negotiateSubprotocol,
  subscriptionsPath,
  subsetHeader,
  traceparentHeader,
} from "@lmos/protocol";
import type { FastifyInstance } from "fastify";
import { WebSocketServer } from "ws";
import { AgentSocket } from "./agent-socket.ts";
import { GraphqlService } from "./graphql-service.ts";
import { createHttpRoutes } from "./http-routes.ts";
import type { Caller, TurnServices } from "./turn.ts";

/** Where to listen, and how long to drain. */
export interface AgentServerOptions extends TurnServices {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly drainTimeoutMs: number;
}

const maxSockets = 1_000;

/** Starts listening. */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const server = new AgentServer(options);
  await server.listen();
  return server;
}

/** A server of agents. */
export class AgentServer implements AsyncDisposable {
  readonly #options: AgentServerOptions;
  readonly #graphql: GraphqlService;
  readonly #http: FastifyInstance;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: defaultFrameLimits.frameBytes,
    clientTracking: false,
    handleProtocols: () => arcSubprotocol,
  });
  readonly #sockets = new Set<AgentSocket>();
  #stopping: Promise<void> | undefined;

  constructor(options: AgentServerOptions) {
    this.#options = options;
    this.#graphql = new GraphqlService(options);
    this.#http = createHttpRoutes({
      services: options,
      graphql: this.#graphql,
      isDraining: () => this.#stopping !== undefined,
    });
    this.#http.server.on("upgrade", (request, socket, head) => this.#onUpgrade(request, socket, head));
  }

  /** The port that it listens on. */
  get port(): number {
    const address = this.#http.server.address();
    return typeof address === "object" && address !== null ? address.port : this.#options.port;
  }

  async listen(): Promise<void> {
    await this.#http.listen({ host: this.#options.host, port: this.#options.port });
  }

  /** Drains and closes. Called again, it waits for the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #drain(): Promise<void> {
    const { clock, drainTimeoutMs, logger } = this.#options;
    const sockets = [...this.#sockets];
    const closed = Promise.all(sockets.map((socket) => socket.closed()));
    for (const socket of sockets) socket.drain();
    const finished = await inTime(closed, drainTimeoutMs, clock);
    if (!finished) logger.warn("Turns were cut off at shutdown", { sockets: this.#sockets.size });
    for (const socket of this.#sockets) socket.terminate();
    await closed;
    await this.#http.close();
  }

  #onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      refuseUpgrade(socket, refusal);
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { clock, logger } = this.#options;
      const caller = callerOf(request);
      const agentSocket = new AgentSocket({
        socket: webSocket,
        graphql: this.#graphql,
        caller,
        clock,
        logger,
      });
      this.#sockets.add(agentSocket);
      void agentSocket.closed().then(() => this.#sockets.delete(agentSocket));
    });
  }

  #refusalOf(request: IncomingMessage): Refusal | undefined {
    if (request.url?.split("?")[0] !== subscriptionsPath) {
      return { status: "404 Not Found", reason: `WebSockets are served on ${subscriptionsPath}` };
    }
    if (this.#stopping !== undefined) return { status: "503 Service Unavailable", reason: "shutting down" };
    if (this.#sockets.size >= maxSockets)
      return { status: "503 Service Unavailable", reason: "too many sockets" };
    const choice = negotiateSubprotocol(offeredSubprotocols(request));
    return choice.kind === "refused" ? { status: "400 Bad Request", reason: choice.reason } : undefined;
  }
}

interface Refusal {
  readonly status: string;
  readonly reason: string;
}

/** Answers an upgrade request like any other and closes. */
function refuseUpgrade(socket: Duplex, { status, reason }: Refusal): void {
  const body = JSON.stringify({ error: reason });
  const headers = [
    "Connection: close",
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join("\r\n")}\r\n\r\n${body}`);
}

function offeredSubprotocols(request: IncomingMessage): readonly string[] {
  const header = request.headers["sec-websocket-protocol"] ?? "";
  return header
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function callerOf(request: IncomingMessage): Caller {
  return { subset: headerOf(request, subsetHeader), traceparent: headerOf(request, traceparentHeader) };
}

/** The first value of the header; none when it is blank. */
function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  const text = Array.isArray(value) ? value[0] : value;
  return text?.trim() === "" ? undefined : text;
}

async function inTime(work: Promise<unknown>, timeoutMs: number, clock: Clock): Promise<boolean> {
  using deadline = withDeadline("draining", timeoutMs, { signal: new AbortController().signal, clock });
  try {
    await abortable(work, deadline.signal);
    return true;
  } catch {
    return false;
  }
}
