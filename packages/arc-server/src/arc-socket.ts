/**
 * One WebSocket of a caller: frames between `ws` and the protocol's state machine, one abortable task for each operation.
 * Owns the handshake's time-out and the keep-alive: a caller that answers no ping is dropped. Everything that runs for the
 * socket ends with it.
 */
import { type Clock, errorMessage, type Logger, nextTurn, whenAborted } from "@lmos/primitives";
import {
  type ArcOperation,
  type ArcServer,
  type ArcServerEvent,
  type ArcServerStep,
  arcCloseCode,
  createArcServer,
  notBegunCode,
} from "@lmos/protocol";
import { GraphQLError } from "graphql";
import type { RawData } from "ws";
import type { StartedOperation } from "./started-operation.ts";

/** What is done with a socket's operations. */
export interface OpenedSocket {
  /** Begins an operation, which ends early when the signal is aborted. `unauthorized` closes the socket with 4401. */
  start(operation: ArcOperation, signal: AbortSignal): Promise<StartedOperation | { kind: "unauthorized" }>;
  /** Sees each text frame before it counts; where it is false, the socket is closed with 4401. */
  readonly admits?: ((frame: string) => boolean) | undefined;
}

/** What is used of a WebSocket. */
export interface CallerSocket {
  readonly bufferedAmount: number;
  on(event: "message", listener: (data: RawData, isBinary: boolean) => void): unknown;
  on(event: "pong" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  send(frame: string, onTaken?: () => void): void;
  ping(): void;
  close(code?: number, reason?: string): void;
  terminate(): void;
}

/** What a socket works with. */
export interface ArcSocketOptions extends OpenedSocket {
  readonly socket: CallerSocket;
  /** Its caller has several operations at once on it, and is told when no more are taken. */
  readonly isShared?: boolean | undefined;
  /** Binary frames are read like others; refused unless it is true. */
  readonly readsBinaryFrames?: boolean | undefined;
  /** What becomes of the socket of a caller whose frame is none: closed without a code, unless it is to be cut. */
  readonly cutsUnreadable?: boolean | undefined;
  /** How long the caller may take for its `connection_init`. */
  readonly handshakeTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

const pingIntervalMs = 20_000;
/** How long a caller may take to answer our close frame. */
const closeMs = 1_000;
/** A caller that asks and asks without reading is dropped at that. */
const maxUnreadBytes = 1024 * 1024;
const shutDown = "The server is shutting down.";

/** A caller's socket. */
export class ArcSocket {
  readonly #options: ArcSocketOptions;
  readonly #server: ArcServer = createArcServer();
  readonly #operations = new Map<string, AbortController>();
  readonly #closed = new AbortController();
  #draining = false;
  #answersPings = true;

  constructor(options: ArcSocketOptions) {
    this.#options = options;
    const { socket, logger } = options;
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("pong", () => {
      this.#answersPings = true;
    });
    socket.on("error", (error) => logger.debug("A socket failed", { error: errorMessage(error) }));
    socket.on("close", () => this.#onClose());
    this.#keepAlive().catch(ignoreClosed);
    this.#watchHandshake().catch(ignoreClosed);
  }

  /** Resolves when the socket is closed and its operations are told so. */
  closed(): Promise<void> {
    return whenAborted(this.#closed.signal);
  }

  /** Takes no new operations, and closes once the open ones are done. */
  drain(): void {
    this.#draining = true;
    this.#closeIfDrained();
    if (this.#options.isShared === true && this.#operations.size > 0) this.#apply(this.#server.drain());
  }

  /** Closes at once, whatever is open. */
  terminate(): void {
    this.#options.socket.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    // A binary frame that is refused is taken for one without a type, whatever it holds.
    const frame = isBinary && this.#options.readsBinaryFrames !== true ? "{}" : data.toString();
    if (this.#options.admits?.(frame) ?? true) this.#apply(this.#server.receive(frame));
    else this.#closeUnauthorized();
  }

  #onClose(): void {
    this.#closed.abort();
    for (const operation of this.#operations.values()) operation.abort();
    this.#operations.clear();
  }

  #apply(step: ArcServerStep): void {
    for (const frame of step.send) this.#options.socket.send(frame);
    for (const event of step.events) this.#onEvent(event);
    if (this.#options.socket.bufferedAmount > maxUnreadBytes) this.terminate();
    if (step.close === undefined) return;
    const { code, reason } = step.close;
    this.#options.logger.warn("A socket was closed for a fault of its caller", { code, reason });
    if (code !== undefined) this.#close(code, reason);
    else if (this.#options.cutsUnreadable === true) this.terminate();
    else this.#close();
  }

  #onEvent(event: ArcServerEvent): void {
    switch (event.kind) {
      case "subscribed":
        void this.#runOperation(event.id, event.operation);
        break;
      case "cancelled":
        this.#operations.get(event.id)?.abort();
        break;
      default:
        event satisfies never;
    }
  }

  /** Never rejects. */
  async #runOperation(id: string, operation: ArcOperation): Promise<void> {
    const controller = new AbortController();
    this.#operations.set(id, controller);
    try {
      await this.#answer(id, operation, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) this.#apply(this.#server.error(id, [this.#publicError(error)]));
    } finally {
      // The caller may have cancelled it and used the id again meanwhile.
      if (this.#operations.get(id) === controller) this.#operations.delete(id);
      this.#closeIfDrained();
    }
  }

  async #answer(id: string, operation: ArcOperation, signal: AbortSignal): Promise<void> {
    if (this.#draining) {
      const error = { message: shutDown, extensions: { code: notBegunCode } };
      return this.#apply(this.#server.error(id, [error]));
    }
    const started = await this.#options.start(operation, signal);
    if (started.kind === "unauthorized") return this.#closeUnauthorized();
    if (started.kind === "unsupported") return this.#close(arcCloseCode.serverError);
    if (started.kind === "refused") return this.#apply(this.#server.error(id, started.errors));
    for await (const result of started.results) {
      if (signal.aborted) return;
      await this.#send(this.#server.next(id, result));
    }
    if (!signal.aborted) this.#apply(this.#server.complete(id));
  }

  /**
   * Settles when the frames have left, so that a slow reader slows the answer down, and after a turn of the event loop, so
   * that a generator that never waits can't keep it from hearing that its caller has left.
   */
  async #send(step: ArcServerStep): Promise<void> {
    for (const frame of step.send) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#options.socket.send(frame, () => resolve()); // a failure is followed by `close`
      await promise;
      await nextTurn();
    }
  }

  #publicError(error: unknown): { readonly message: string } {
    if (error instanceof GraphQLError) return error;
    this.#options.logger.error("An operation failed for an unexpected reason", {
      error: errorMessage(error),
    });
    return { message: "The operation failed for an internal reason." };
  }

  async #watchHandshake(): Promise<void> {
    const { clock, handshakeTimeoutMs } = this.#options;
    await clock.sleep(handshakeTimeoutMs, { signal: this.#closed.signal });
    this.#apply(this.#server.expireHandshake());
  }

  async #keepAlive(): Promise<void> {
    for (;;) {
      await this.#options.clock.sleep(pingIntervalMs, { signal: this.#closed.signal });
      if (!this.#answersPings) return this.#dropSilent();
      this.#answersPings = false;
      this.#options.socket.ping();
    }
  }

  #dropSilent(): void {
    this.#options.logger.info("A socket was dropped, as its caller answers no pings");
    this.terminate();
  }

  #closeUnauthorized(): void {
    this.#close(arcCloseCode.unauthorized, "Unauthorized");
  }

  #closeIfDrained(): void {
    if (this.#draining && this.#operations.size === 0) this.#close(1001, shutDown);
  }

  #close(code?: number, reason?: string): void {
    const { socket, clock } = this.#options;
    socket.close(code, reason);
    clock.sleep(closeMs, { signal: this.#closed.signal }).then(() => socket.terminate(), ignoreClosed);
  }
}

/** The only way out of the waits above is that the socket was closed. */
function ignoreClosed(): void {}
