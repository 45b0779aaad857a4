/** The door for WebSockets: `/subscriptions`, which speaks graphql-transport-ws, also to those who offer no sub-protocol. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock, Logger } from "@lmos/primitives";
import {
  arcSubprotocol,
  defaultFrameLimits,
  defaultMaxOperations,
  negotiateSubprotocol,
  operationsHeader,
  subscriptionsPath,
} from "@lmos/protocol";
import { WebSocketServer } from "ws";
import { ArcSocket, type OpenedSocket } from "./arc-socket.ts";

export type { OpenedSocket } from "./arc-socket.ts";

/** Why an upgrade is refused. */
export interface UpgradeRefusal {
  readonly status: 400 | 404 | 503;
  readonly reason: string;
}

/** What the door leads to. */
export interface ArcDoorOptions {
  /** Serves the socket of that upgrade. */
  readonly open: (request: IncomingMessage) => OpenedSocket;
  /** Refuses upgrades for reasons of the server's own. */
  readonly refuse?: ((request: IncomingMessage) => UpgradeRefusal | undefined) | undefined;
  /** The answer to a refused upgrade, in the wording of the server's other answers. */
  readonly describe: (refusal: UpgradeRefusal & { readonly title: string }) => {
    readonly contentType: string;
    readonly body: unknown;
  };
  /**
   * What becomes of those who offer other sub-protocols only: refused with 400, or served like those who offer none, so
   * that the answer to their upgrade names none.
   */
  readonly otherSubprotocols: "refuse" | "ignore";
  /** Binary frames are read like others, as ARC's Spring starter does; refused, as its own server does, unless it is true. */
  readonly readsBinaryFrames?: boolean | undefined;
  /** The socket of a caller whose frame is none is cut, as ARC's own server does; closed without a code unless it is true. */
  readonly cutsUnreadable?: boolean | undefined;
  /** Tells callers that ask whether they may have several operations at once on a socket; not unless it is true. */
  readonly sharesSockets?: boolean | undefined;
  /** Sockets at once; one more is refused with 503. */
  readonly maxSockets: number;
  /** How long a caller may take for its `connection_init`. */
  readonly handshakeTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const titles = { 400: "Bad Request", 404: "Not Found", 503: "Service Unavailable" } as const;

/** Takes the upgrades of an HTTP server, which is the caller's. */
export class ArcDoor {
  readonly #options: ArcDoorOptions;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: defaultFrameLimits.frameBytes,
    clientTracking: false,
    handleProtocols: (offered) => offered.has(arcSubprotocol) && arcSubprotocol,
  });
  readonly #sockets = new Set<ArcSocket>();
  #draining = false;

  constructor(options: ArcDoorOptions) {
    this.#options = options;
    this.#webSockets.on("headers", (headers, request) => {
      if (this.#isShared(request)) headers.push(`${operationsHeader}: ${defaultMaxOperations}`);
    });
  }

  /** How many sockets are open. */
  get size(): number {
    return this.#sockets.size;
  }

  /** For the event `upgrade` of the server. */
  onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on("error", () => stream.destroy());
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      this.#refuse(stream, refusal);
      return;
    }
    this.#webSockets.handleUpgrade(request, stream, head, (webSocket) => {
      const isShared = this.#isShared(request);
      const socket = new ArcSocket({
        ...this.#options,
        ...this.#options.open(request),
        isShared,
        socket: webSocket,
      });
      this.#sockets.add(socket);
      void socket.closed().then(() => this.#sockets.delete(socket));
    });
  }

  /** From now on nothing new begins. Resolves when all sockets are closed, each after what it runs. */
  async drain(): Promise<void> {
    this.#draining = true;
    const sockets = [...this.#sockets];
    for (const socket of sockets) socket.drain();
    await Promise.all(sockets.map((socket) => socket.closed()));
  }

  /** Closes what is open at once. */
  terminate(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #isShared({ headers }: IncomingMessage): boolean {
    return this.#options.sharesSockets === true && headers[operationsHeader] !== undefined;
  }

  #refusalOf(request: IncomingMessage): UpgradeRefusal | undefined {
    if (request.url?.split("?")[0] !== subscriptionsPath) {
      return { status: 404, reason: `WebSockets are served on ${subscriptionsPath}.` };
    }
    const own = this.#options.refuse?.(request);
    if (own !== undefined) return own;
    if (this.#draining) return { status: 503, reason: "The server is shutting down." };
    if (this.#sockets.size >= this.#options.maxSockets) {
      return { status: 503, reason: `${this.#options.maxSockets} WebSockets are open, which is the most.` };
    }
    if (this.#options.otherSubprotocols === "ignore") return undefined;
    const choice = negotiateSubprotocol(offeredSubprotocols(request));
    return choice.kind === "refused" ? { status: 400, reason: choice.reason } : undefined;
  }

  /** Answers the upgrade like any other request, and closes. */
  #refuse(stream: Duplex, refusal: UpgradeRefusal): void {
    const title = titles[refusal.status];
    const { contentType, body } = this.#options.describe({ ...refusal, title });
    const text = JSON.stringify(body);
    const head = [
      `HTTP/1.1 ${refusal.status} ${title}`,
      "Connection: close",
      ...(refusal.status === 503 ? ["Retry-After: 1"] : []),
      `Content-Type: ${contentType}`,
      `Content-Length: ${Buffer.byteLength(text)}`,
    ];
    stream.once("finish", () => stream.destroy());
    stream.end(`${head.join("\r\n")}\r\n\r\n${text}`);
  }
}

function offeredSubprotocols(request: IncomingMessage): readonly string[] {
  const offered = request.headers["sec-websocket-protocol"] ?? "";
  return offered
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
