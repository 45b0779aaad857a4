/** The door for WebSockets: who may speak over one, and what their operations are. */
import type { IncomingMessage } from "node:http";
import { ArcDoor, type OpenedSocket } from "@lmos/arc-server";
import type { Clock, IdSource, Logger } from "@lmos/primitives";
import type { FastifyInstance } from "fastify";
import { hasTokenInUrl } from "../auth/access.ts";
import type { Authenticator } from "../auth/identity.ts";
import { correlationIdOf, correlationOf } from "../http/correlation.ts";
import { firstValue } from "../http/first-value.ts";
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

const maxSockets = 5000;
const handshakeTimeoutMs = 60_000;

/**
 * Opens the door on the server of `app`. That knows nothing of the sockets: whoever closes it drains them before. A caller
 * that takes nothing would keep its socket open: whoever has waited long enough terminates them.
 */
export function openSubscriptionsDoor(
  app: FastifyInstance,
  services: SubscriptionsDoorServices,
): Pick<ArcDoor, "drain" | "terminate"> {
  const { clock, logger } = services;
  const door = new ArcDoor({
    open: (request) => openSocket(request, services),
    refuse: ({ url }) =>
      hasTokenInUrl(url)
        ? { status: 400, reason: "The address holds a token: send it in connection_init." }
        : undefined,
    describe: ({ status, title, reason }) => {
      return { contentType: "application/problem+json", body: { status, title, detail: reason } };
    },
    otherSubprotocols: "ignore", // as the original does
    readsBinaryFrames: true, // as the original does
    maxSockets,
    handshakeTimeoutMs,
    clock,
    logger,
  });
  app.server.on("upgrade", (request, stream, head) => door.onUpgrade(request, stream, head));
  return door;
}

function openSocket(request: IncomingMessage, services: SubscriptionsDoorServices): OpenedSocket {
  const { operations, ids, authenticator } = services;
  const access = new SocketAccess(authenticator, request.headers.authorization);
  const tenant =
    authenticator === undefined ? firstValue(request.headers["x-tenant"]) || undefined : undefined;
  const correlation = correlationOf(request.headers, correlationIdOf(request.headers, ids));
  return {
    admits: (frame) => access.see(frame),
    start: async (operation, signal) => {
      const speaker = await access.caller();
      if (speaker.kind === "refused") return { kind: "unauthorized" };
      return operations.start(operation, { correlation, caller: speaker.caller, tenant, signal });
    },
  };
}
