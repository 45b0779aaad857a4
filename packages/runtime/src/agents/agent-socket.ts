/**
 * A WebSocket to an agent that lives for many turns, one at a time. It passes on what it receives to the turn that
 * uses it, answers protocol pings while nobody does, and ends by itself when it is idle and old, or when the other
 * side answers no ping.
 *
 *   connecting ──► open, used by a turn ◄──► open, idle ──► closed
 *        └───────────────────┴───────────────────────────────▲
 */
import type { Clock } from "@lmos/primitives";
import { arcSubprotocol, defaultFrameLimits, subsetHeader } from "@lmos/protocol";
import { type RawData, WebSocket } from "ws";
import type { RuntimeLimits } from "../limits.ts";
import type { AgentFault } from "./agent-connection.ts";
import { isPingFrame, pongFrame } from "./idle-frame.ts";
import { watchSocket } from "./keep-alive.ts";
import { faultOfHandshake, faultOfSocketError } from "./socket-fault.ts";
import { connectSparingly } from "./sparing-socket.ts";
import type { AgentTrust } from "./trusted-authorities.ts";

/** The bounds that concern a socket. */
export type AgentSocketLimits = Pick<
  RuntimeLimits,
  | "connectMs"
  | "pingAfterMs"
  | "pongWithinMs"
  | "unreadBytes"
  | "idleSocketMs"
  | "socketAgeMs"
  | "confirmAfterMs"
  | "confirmWithinMs"
  | "idleSockets"
>;

/** The turn that uses a socket. */
export interface SocketUser {
  /** The socket takes frames; called at once on one that is open. */
  onOpen(): void;
  onText(text: string): void;
  onFault(fault: AgentFault): void;
  /** True while the turn has asked the socket to pause. */
  readonly paused: boolean;
}

/** Where a socket leads. */
export interface SocketTarget {
  readonly url: string;
  readonly subset: string;
}

/** What a socket is made of. */
export interface AgentSocketOptions {
  readonly clock: Clock;
  readonly limits: AgentSocketLimits;
  /** Asked when a socket to a `wss://` address is opened. */
  readonly trust: AgentTrust;
  /** Called once, when it takes no more turns. */
  readonly onClosed: (socket: AgentSocket) => void;
}

/** Header of the agent's answer to the upgrade: a turn id that it knows already does nothing a second time. */
const turnsHeader = "x-lmos-turns";
/** Milliseconds until a socket whose closing the agent doesn't confirm is dropped. */
const closeTimeout = 5000;
/** Why a socket is no longer watched; made once, it is never shown. */
const closed = new Error("the socket is closed");

/** One WebSocket. Whoever made it gives it a turn with {@link AgentSocket.use}, and closes it in the end. */
export class AgentSocket {
  readonly target: SocketTarget;
  /** True after the agent acknowledged the connection, which it does once a socket. */
  acknowledged = false;
  readonly #options: AgentSocketOptions;
  readonly #socket: WebSocket;
  readonly #openedAt: number;
  readonly #watch = new AbortController();
  #user: SocketUser | undefined;
  #idleSince: number;
  #idempotent = false;
  #confirmation: PromiseWithResolvers<boolean> | undefined;

  constructor(target: SocketTarget, options: AgentSocketOptions) {
    this.target = target;
    this.#options = options;
    this.#openedAt = options.clock.monotonic();
    this.#idleSince = this.#openedAt;
    this.#socket = openSocket(target, options);
    this.#listen();
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** True when the agent said that it does nothing twice for a turn id that it knows. */
  get idempotent(): boolean {
    return this.#idempotent;
  }

  /** Milliseconds since the last turn left it. */
  get idleMs(): number {
    return this.#options.clock.monotonic() - this.#idleSince;
  }

  /** True when it has lived long enough: a pod that is new, or a name that leads elsewhere, gets its share then. */
  get old(): boolean {
    return this.#options.clock.monotonic() - this.#openedAt >= this.#options.limits.socketAgeMs;
  }

  /** Gives the socket to a turn, until it is released or closed. */
  use(user: SocketUser): void {
    this.#user = user;
    if (this.open) user.onOpen();
  }

  /** Takes the socket back from its turn. */
  release(): void {
    this.#user = undefined;
    this.#idleSince = this.#options.clock.monotonic();
    this.#socket.resume();
  }

  /** As bytes: `ws` masks a copy of those together with the header, and writes once instead of twice. */
  send(frame: string): void {
    if (this.open) this.#socket.send(Buffer.from(frame), { binary: false });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Asks the other side for a sign of life; false when none comes in time. */
  async confirm(): Promise<boolean> {
    const { clock, limits } = this.#options;
    this.#confirmation = Promise.withResolvers<boolean>();
    const { promise, resolve } = this.#confirmation;
    this.#socket.ping();
    const late = new AbortController();
    clock.sleep(limits.confirmWithinMs, { signal: late.signal }).then(
      () => resolve(false),
      () => undefined, // the answer was faster
    );
    const alive = await promise;
    late.abort(closed);
    return alive && this.open;
  }

  /** Ends the socket with a closing handshake. */
  close(): void {
    this.#user = undefined;
    this.#watch.abort(closed);
    this.#socket.resume(); // the closing handshake of a paused socket would never be read
    this.#socket.close(1000);
  }

  /** Ends it at once: no closing handshake would come back. */
  terminate(): void {
    this.#watch.abort(closed);
    this.#socket.terminate();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on("upgrade", (response) => {
      this.#idempotent = response.headers[turnsHeader] === "idempotent";
    });
    socket.on("open", () => {
      this.#keepAlive();
      this.#user?.onOpen();
    });
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("pong", () => this.#confirmation?.resolve(true));
    socket.on("unexpected-response", (request, response) => {
      this.#user?.onFault(faultOfHandshake(response));
      request.destroy();
    });
    socket.on("error", (error) => this.#user?.onFault(faultOfSocketError(error, this.acknowledged)));
    socket.on("close", (closeCode) => this.#onClose(closeCode));
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    const text = data.toString();
    if (this.#user === undefined) {
      if (isPingFrame(text)) this.send(pongFrame);
    } else if (isBinary) {
      this.#user.onFault({ kind: "protocol", reason: "frame is binary" });
    } else {
      this.#user.onText(text);
    }
  }

  #onClose(closeCode: number): void {
    this.#watch.abort(closed);
    this.#confirmation?.resolve(false);
    this.#user?.onFault(this.acknowledged ? { kind: "interrupted", closeCode } : { kind: "unavailable" });
    this.#options.onClosed(this);
  }

  #keepAlive(): void {
    const { clock, limits } = this.#options;
    watchSocket(this.#socket, {
      clock,
      limits,
      signal: this.#watch.signal,
      isPaused: () => this.#user?.paused === true,
      isExpired: () => this.#user === undefined && (this.old || this.idleMs >= limits.idleSocketMs),
      onExpired: () => this.close(),
      onUnresponsive: () => {
        this.#user?.onFault({ kind: "unresponsive" });
        this.terminate();
      },
    });
  }
}

function openSocket(
  { url, subset }: SocketTarget,
  { limits, trust }: Pick<AgentSocketOptions, "limits" | "trust">,
): WebSocket {
  const ca = trust.authorities;
  const options = {
    headers: { [subsetHeader]: subset },
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
