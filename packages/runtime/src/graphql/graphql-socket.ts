/**
 * One WebSocket of a GraphQL client: frames between `ws` and the protocol's state machine, one abortable task for each
 * operation. Owns the handshake's time-out and the keep-alive. Everything that runs for the socket ends with it.
 */
import { type Clock, errorMessage, type Logger, nextTurn, whenAborted } from "@lmos/primitives";
import {
  type ArcOperation,
  type ArcServer,
  type ArcServerEvent,
  type ArcServerStep,
  arcCloseCode,
  createArcServer,
} from "@lmos/protocol";
import { GraphQLError } from "graphql";
import type { RawData, WebSocket } from "ws";
import type { Correlation } from "../turn/turn.ts";
import type { GraphqlOperations, StartedOperation } from "./operations.ts";
import type { SocketAccess } from "./socket-access.ts";

/** What a socket works with. */
export interface GraphqlSocketOptions {
  readonly socket: WebSocket;
  readonly operations: GraphqlOperations;
  /** Of the upgrade, and so of each turn of the socket. */
  readonly correlation: Correlation;
  readonly access: SocketAccess;
  readonly clock: Clock;
  readonly logger: Logger;
}

const handshakeTimeoutMs = 60_000;
const pingIntervalMs = 20_000;
/** How long a client may take to answer our close frame. */
const closeMs = 1000;
/** A client that asks and asks without reading is dropped at that. */
const maxUnreadBytes = 1024 * 1024;

/** A client's socket. */
export class GraphqlSocket {
  readonly #options: GraphqlSocketOptions;
  readonly #server: ArcServer = createArcServer();
  readonly #operations = new Map<string, AbortController>();
  readonly #closed = new AbortController();
  #draining = false;
  #answersPings = true;

  constructor(options: GraphqlSocketOptions) {
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
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    // A binary frame is none of the protocol's: the empty text makes it close with 4400.
    const frame = isBinary ? "" : data.toString();
    if (this.#options.access.see(frame)) this.#apply(this.#server.receive(frame));
    else this.#refuse();
  }

  #onClose(): void {
    this.#closed.abort();
    for (const operation of this.#operations.values()) operation.abort();
    this.#operations.clear();
  }

  #apply(step: ArcServerStep): void {
    for (const frame of step.send) this.#options.socket.send(frame);
    for (const event of step.events) this.#onEvent(event);
    if (this.#options.socket.bufferedAmount > maxUnreadBytes) this.#options.socket.terminate();
    if (step.close !== undefined) this.#close(step.close.code, step.close.reason);
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
      // The client may have cancelled it and used the id again meanwhile.
      if (this.#operations.get(id) === controller) this.#operations.delete(id);
      this.#closeIfDrained();
    }
  }

  async #answer(id: string, operation: ArcOperation, signal: AbortSignal): Promise<void> {
    const { operations, correlation, access } = this.#options;
    const speaker = await access.caller();
    if (speaker.kind === "refused") return this.#refuse();
    const started = await operations.start(operation, { correlation, caller: speaker.caller, signal });
    if (started.kind === "refused") {
      this.#apply(this.#server.error(id, started.errors));
      return;
    }
    for await (const result of resultsOf(started)) {
      if (signal.aborted) return;
      await this.#send(this.#server.next(id, result));
    }
    if (!signal.aborted) this.#apply(this.#server.complete(id));
  }

  /** Settles when the frames have left, so that a slow reader slows the turn down. */
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
    return { message: "The turn failed for an internal reason." };
  }

  async #watchHandshake(): Promise<void> {
    await this.#options.clock.sleep(handshakeTimeoutMs, { signal: this.#closed.signal });
    this.#apply(this.#server.expireHandshake());
  }

  async #keepAlive(): Promise<void> {
    for (;;) {
      await this.#options.clock.sleep(pingIntervalMs, { signal: this.#closed.signal });
      if (!this.#answersPings) return this.#options.socket.terminate();
      this.#answersPings = false;
      this.#options.socket.ping();
    }
  }

  #refuse(): void {
    this.#close(arcCloseCode.unauthorized, "Unauthorized");
  }

  #closeIfDrained(): void {
    if (this.#draining && this.#operations.size === 0) this.#close(1001, "The server is shutting down");
  }

  #close(code: number, reason: string): void {
    const { socket, clock } = this.#options;
    socket.close(code, reason);
    clock.sleep(closeMs, { signal: this.#closed.signal }).then(() => socket.terminate(), ignoreClosed);
  }
}

async function* resultsOf(started: Exclude<StartedOperation, { kind: "refused" }>): AsyncGenerator<unknown> {
  if (started.kind === "answered") yield started.result;
  else yield* started.results;
}

/** The only way out of the waits above is that the socket was closed. */
function ignoreClosed(): void {}
