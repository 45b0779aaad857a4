// The server of one or more agents: HTTP routes, and the door to the sockets. Stopping drains: readiness turns
// red, new sockets and operations are refused, open turns finish or are cut off when their time is over.
import type { IncomingMessage } from "node:http";
import { ArcDoor } from "@lmos/arc-server";
import { abortable, type Clock, withDeadline } from "@lmos/primitives";
import { readTraceContext, subsetHeader, traceparentHeader, tracestateHeader } from "@lmos/protocol";
import type { FastifyInstance } from "fastify";
import { createGraphqlService, type GraphqlServices } from "./graphql-service.ts";
import { createHttpRoutes } from "./http-routes.ts";
import type { Caller } from "./turn.ts";

/** Where to listen, and how long to drain. */
export interface AgentServerOptions extends GraphqlServices {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly drainTimeoutMs: number;
}

const maxSockets = 1_000;
const handshakeTimeoutMs = 10_000;

/** Starts listening. */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const server = new AgentServer(options);
  await server.listen();
  return server;
}

/** A server of agents. */
export class AgentServer implements AsyncDisposable {
  readonly #options: AgentServerOptions;
  readonly #http: FastifyInstance;
  readonly #door: ArcDoor;
  #stopping: Promise<void> | undefined;

  constructor(options: AgentServerOptions) {
    this.#options = options;
    const graphql = createGraphqlService(options);
    const isDraining = () => this.#stopping !== undefined;
    this.#http = createHttpRoutes({ services: options, graphql, isDraining });
    this.#door = new ArcDoor({
      open: (request) => {
        const caller = callerOf(request);
        return { start: (operation, signal) => graphql.start(operation, { caller, signal }) };
      },
      describe: ({ reason }) => ({ contentType: "application/json; charset=utf-8", body: { error: reason } }),
      otherSubprotocols: "refuse",
      cutsUnreadable: true,
      sharesSockets: true,
      maxSockets,
      handshakeTimeoutMs,
      clock: options.clock,
      logger: options.logger,
    });
    this.#http.server.on("upgrade", (request, stream, head) => this.#door.onUpgrade(request, stream, head));
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
    const drained = this.#door.drain();
    const finished = await inTime(drained, drainTimeoutMs, clock);
    if (!finished) logger.warn("Turns were cut off at shutdown", { sockets: this.#door.size });
    this.#door.terminate();
    await drained;
    await this.#http.close();
  }
}

function callerOf(request: IncomingMessage): Caller {
  return {
    subset: headerOf(request, subsetHeader),
    ...readTraceContext(headerOf(request, traceparentHeader), headerOf(request, tracestateHeader)),
  };
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
