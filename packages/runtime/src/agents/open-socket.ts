/** How a WebSocket to an agent is opened, and what the agent says of itself when it takes it. */
import type { IncomingHttpHeaders } from "node:http";
import { arcSubprotocol, defaultFrameLimits, operationsHeader, subsetHeader } from "@lmos/protocol";
import { WebSocket } from "ws";
import type { RuntimeLimits } from "../limits.ts";
import { connectSparingly } from "./sparing-socket.ts";
import type { AgentTrust } from "./trusted-authorities.ts";

/** Where a socket leads. */
export interface SocketTarget {
  readonly url: string;
  readonly subset: string;
}

/** With what a socket is opened. */
export interface OpeningOptions {
  readonly limits: Pick<RuntimeLimits, "connectMs" | "socketTurns">;
  /** Asked when a socket to a `wss://` address is opened. */
  readonly trust: AgentTrust;
}

/** What an agent announces in its answer to the upgrade. */
export interface Announcement {
  /** A turn id that it knows already does nothing a second time. */
  readonly idempotent: boolean;
  /** Operations at once on a socket; one where it says nothing. */
  readonly operations: number;
}

const turnsHeader = "x-lmos-turns";
/** Milliseconds until a socket whose closing the agent doesn't confirm is dropped. */
const closeTimeout = 5000;

/** Opens it, and asks how many operations the agent takes at once. */
export function openSocket({ url, subset }: SocketTarget, { limits, trust }: OpeningOptions): WebSocket {
  const ca = trust.authorities;
  const options = {
    headers: { [subsetHeader]: subset, [operationsHeader]: `${limits.socketTurns}` },
    handshakeTimeout: limits.connectMs,
    maxPayload: defaultFrameLimits.frameBytes,
    perMessageDeflate: false,
    closeTimeout,
    ...(url.startsWith("wss:")
      ? ca !== undefined && { ca: [...ca] }
      : { createConnection: connectSparingly }),
  };
  return new WebSocket(url, [arcSubprotocol], options);
}

/** Reads the headers of the answer: not more operations than wanted, and one where they are no number. */
export function announcementOf(
  headers: IncomingHttpHeaders,
  { socketTurns }: Pick<RuntimeLimits, "socketTurns">,
): Announcement {
  const said = headers[operationsHeader];
  const announced = typeof said === "string" && /^\d{1,5}$/.test(said) ? Number(said) : 1;
  return {
    idempotent: headers[turnsHeader] === "idempotent",
    operations: Math.max(1, Math.min(announced, socketTurns)),
  };
}
