/**
 * A WebSocket to an agent that lives for many turns: one at a time, or as many at once as the agent says. It passes on
 * what it receives to the turns that use it, answers protocol pings while nobody does, and ends by itself when it is idle
 * and old, or when the other side answers no ping.
 *
 *   connecting ──► open, used by turns ◄───► open, idle ──► closed
 *        └───────────────────┴───────────────────────────────▲
 */
import { type Clock, isRecord } from "@lmos/primitives";
import { defaultFrameLimits, drainingKey, type ParsedFrame, parseFrame, utf8Length } from "@lmos/protocol";
import { type RawData, WebSocket } from "ws";
import type { RuntimeLimits } from "../limits.ts";
import { type IdleFrame, pongFrame, readIdleFrame } from "./idle-frame.ts";
import { watchSocket } from "./keep-alive.ts";
import { type Announcement, announcementOf, openSocket, type SocketTarget } from "./open-socket.ts";
import { faultOfHandshake, faultOfSocketError } from "./socket-fault.ts";
import { type SocketUser, SocketUsers } from "./socket-users.ts";
import type { AgentTrust } from "./trusted-authorities.ts";

/** The bounds that concern a socket. */
export type AgentSocketLimits = Pick<
  RuntimeLimits,
  | "connectMs"
  | "pingAfterMs"
  | "pongWithinMs"
  | "unreadBytes"
  | "socketTurns"
  | "unsharedSockets"
  | "idleSocketMs"
  | "socketAgeMs"
  | "confirmAfterMs"
  | "confirmWithinMs"
  | "idleSockets"
>;

/** What a socket is made of. */
export interface AgentSocketOptions {
  readonly clock: Clock;
  readonly limits: AgentSocketLimits;
  /** Asked when a socket to a `wss://` address is opened. */
  readonly trust: AgentTrust;
  /** Called once, when it takes no more turns. */
  readonly onClosed: (socket: AgentSocket) => void;
}

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
  readonly #users = new SocketUsers();
  #idleSince: number;
  #heardAt: number;
  #announced: Announcement = { idempotent: false, operations: 1 };
  #retired = false;
  #confirmation: PromiseWithResolvers<boolean> | undefined;
  #confirming: Promise<boolean> | undefined;

  constructor(target: SocketTarget, options: AgentSocketOptions) {
    this.target = target;
    this.#options = options;
    this.#openedAt = options.clock.monotonic();
    this.#idleSince = this.#openedAt;
    this.#heardAt = this.#openedAt;
    this.#socket = openSocket(target, options);
    this.#listen();
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** True when the agent said that it does nothing twice for a turn id that it knows. */
  get idempotent(): boolean {
    return this.#announced.idempotent;
  }

  /** True when the agent takes several operations at once: then one ends without the socket. */
  get shared(): boolean {
    return this.#announced.operations > 1 && this.acknowledged;
  }

  /** True while a turn uses it. */
  get used(): boolean {
    return this.#users.places > 0;
  }

  /** True when a turn more may use it. One whose readers are behind takes none: it may be about to pause. */
  get hasRoom(): boolean {
    const isTaken = this.#users.places >= this.#announced.operations;
    if (isTaken || !this.shared || this.#retired || !this.open || this.old) return false;
    return !this.#users.anyPaused;
  }

  /** Milliseconds since anything came of it. */
  get quietMs(): number {
    return this.#options.clock.monotonic() - this.#heardAt;
  }

  /** Milliseconds since the last turn left it. */
  get idleMs(): number {
    return this.#options.clock.monotonic() - this.#idleSince;
  }

  /** True when it has lived long enough: a pod that is new, or a name that leads elsewhere, gets its share then. */
  get old(): boolean {
    return this.#options.clock.monotonic() - this.#openedAt >= this.#options.limits.socketAgeMs;
  }

  /** Keeps a place for a turn that is about to use it. */
  reserve(): void {
    this.#users.reserve();
  }

  /** Gives a place that was kept back. */
  giveBack(): void {
    this.#users.giveBack();
  }

  /** Gives the place that was kept to a turn, until it is released or the socket closed. */
  use(user: SocketUser): void {
    this.#users.add(user);
    if (this.open) user.onOpen();
  }

  /** Takes the socket back from a turn. */
  release({ operationId }: Pick<SocketUser, "operationId">): void {
    this.#users.remove(operationId);
    this.#idleSince = this.#options.clock.monotonic();
    this.flow();
  }

  /** It takes no more turns; those that use it go on. */
  retire(): void {
    this.#retired = true;
  }

  get retired(): boolean {
    return this.#retired;
  }

  /**
   * Called when a turn's reader falls behind, or has caught up. Nothing is read while all of them are behind; as long as one
   * is not, the others have to bear what comes for them.
   */
  flow(): void {
    if (this.#users.allPaused) this.#socket.pause();
    else this.#socket.resume();
  }

  /** As bytes: `ws` masks a copy of those together with the header, and writes once instead of twice. */
  send(frame: string): void {
    if (this.open) this.#socket.send(Buffer.from(frame), { binary: false });
  }

  /** Asks the other side for a sign of life; false when none comes in time. */
  confirm(): Promise<boolean> {
    this.#confirming ??= this.#confirm().finally(() => {
      this.#confirming = undefined;
    });
    return this.#confirming;
  }

  async #confirm(): Promise<boolean> {
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
    this.#users.clear();
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
    socket.on("upgrade", ({ headers }) => {
      this.#announced = announcementOf(headers, this.#options.limits);
    });
    socket.on("open", () => {
      this.#keepAlive();
      this.#users.tellOpen();
    });
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("pong", () => {
      this.#heardAt = this.#options.clock.monotonic();
      this.#confirmation?.resolve(true);
    });
    socket.on("unexpected-response", (request, response) => {
      this.#users.tellFault(faultOfHandshake(response));
      request.destroy();
    });
    socket.on("error", (error) => this.#users.tellFault(faultOfSocketError(error, this.acknowledged)));
    socket.on("close", (closeCode) => this.#onClose(closeCode));
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    this.#heardAt = this.#options.clock.monotonic();
    const text = data.toString();
    if (this.#users.size === 0) {
      this.#onIdle(isBinary ? "garbage" : readIdleFrame(text));
    } else if (isBinary) {
      this.retire();
      this.#users.tellFault({ kind: "protocol", reason: "frame is binary" });
    } else {
      this.#dispatch(parseFrame(text, defaultFrameLimits), utf8Length(text));
    }
  }

  /** More garbage may be on its way: it must not meet the next turn. */
  #onIdle(frame: IdleFrame): void {
    if (frame === "ping") this.send(pongFrame);
    else if (frame === "garbage" && this.used) this.retire();
    else if (frame === "garbage") this.close();
  }

  #dispatch(frame: ParsedFrame, bytes: number): void {
    if (!this.shared) this.#users.tellFrame(frame, bytes);
    else if (frame.kind === "frame" && frame.type === "ping") this.#onPing(frame.fields);
    else this.#users.dispatch(frame, bytes);
  }

  #onPing({ payload }: Readonly<Record<string, unknown>>): void {
    if (isRecord(payload) && payload[drainingKey] === true) this.retire();
    this.send(pongFrame);
  }

  #onClose(closeCode: number): void {
    this.#watch.abort(closed);
    this.#confirmation?.resolve(false);
    this.#users.tellFault(this.acknowledged ? { kind: "interrupted", closeCode } : { kind: "unavailable" });
    this.#options.onClosed(this);
  }

  #keepAlive(): void {
    const { clock, limits } = this.#options;
    watchSocket(this.#socket, {
      clock,
      limits,
      signal: this.#watch.signal,
      isPaused: () => this.#socket.isPaused,
      isExpired: () => !this.used && (this.old || this.idleMs >= limits.idleSocketMs),
      onExpired: () => this.close(),
      onUnresponsive: () => {
        this.#users.tellFault({ kind: "unresponsive" });
        this.terminate();
      },
    });
  }
}
