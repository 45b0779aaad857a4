/** The door for WebSockets: `/subscriptions`, which speaks graphql-transport-ws whatever sub-protocol is offered. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, IdSource, Logger } from "@lmos/primitives";
import { arcSubprotocol, defaultFrameLimits, subscriptionsPath } from "@lmos/protocol";
import type { FastifyInstance } from "fastify";
import { WebSocketServer } from "ws";
import { hasTokenInUrl } from "../auth/access.ts";
import type { Authenticator } from "../auth/identity.ts";
import { correlationIdOf, correlationOf } from "../http/correlation.ts";
import { GraphqlSocket } from "./graphql-socket.ts";
import type { GraphqlOperations } from "./operations.ts";
import { SocketAccess } from "./socket-access.ts";

/** What the door leads to. */
export interface SubscriptionsDoorServices {
  readonly operations: GraphqlOperations;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Undefined where users don't have to prove who they are. */
  readonly authenticator: Authenticator | undefined;
}

interface Refusal {
  readonly status: string;
  readonly reason: string;
}

const maxSockets = 5000;

/** Opens the door on the server of `app`; its sockets are drained when that closes. */
export function openSubscriptionsDoor(app: FastifyInstance, services: SubscriptionsDoorServices): void {
  const door = new SubscriptionsDoor(services);
  app.server.on("upgrade", (request, socket, head) => door.onUpgrade(request, socket, head));
  app.addHook("preClose", async () => door.drain());
}

class SubscriptionsDoor {
  readonly #services: SubscriptionsDoorServices;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: defaultFrameLimits.frameBytes,
    clientTracking: false,
    // Whoever offers another one is served too, as by the original: the answer names none then.
    handleProtocols: (offered) => offered.has(arcSubprotocol) && arcSubprotocol,
  });
  readonly #sockets = new Set<GraphqlSocket>();
  #draining = false;

  constructor(services: SubscriptionsDoorServices) {
    this.#services = services;
  }

  onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on("error", () => stream.destroy());
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      refuseUpgrade(stream, refusal);
      return;
    }
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => {
      const { ids, authenticator, ...services } = this.#services;
      const access = new SocketAccess(authenticator, request.headers.authorization);
      const correlation = correlationOf(request.headers, correlationIdOf(request.headers, ids));
      const graphqlSocket = new GraphqlSocket({ socket, correlation, access, ...services });
      this.#sockets.add(graphqlSocket);
      void graphqlSocket.closed().then(() => this.#sockets.delete(graphqlSocket));
    });
  }

  drain(): void {
    this.#draining = true;
    for (const socket of this.#sockets) socket.drain();
  }

  #refusalOf(request: IncomingMessage): Refusal | undefined {
    if (request.url?.split("?")[0] !== subscriptionsPath) {
      return { status: "404 Not Found", reason: `WebSockets are served on ${subscriptionsPath}.` };
    }
    if (hasTokenInUrl(request.url)) {
      return { status: "400 Bad Request", reason: "The address holds a token: send it in connection_init." };
    }
    if (this.#draining || this.#sockets.size >= maxSockets) {
      return { status: "503 Service Unavailable", reason: "No more WebSockets are taken at the moment." };
    }
    return undefined;
  }
}

/** Answers an upgrade request like any other and closes. */
function refuseUpgrade(stream: Duplex, { status, reason }: Refusal): void {
  const code = Number.parseInt(status, 10);
  const body = JSON.stringify({ status: code, title: status.slice(4), detail: reason });
  const headers = [
    "Connection: close",
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  stream.once("finish", () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\n${headers.join("\r\n")}\r\n\r\n${body}`);
}
