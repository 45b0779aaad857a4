// One WebSocket of a caller: frames between `ws` and the protocol's state machine, one abortable task for each
// operation. Owns the handshake's time-out and the keep-alive: a caller that answers no ping is dropped. Everything
// that runs for the socket ends with it.
import { type Clock, type Logger, whenAborted } from "@lmos/primitives";
import {
  type ArcOperation,
  type ArcServer,
  type ArcServerEvent,
  type ArcServerStep,
  createArcServer,
} from "@lmos/protocol";
import type { RawData, WebSocket } from "ws";
import type { GraphqlService, StartedOperation } from "./graphql-service.ts";
import type { Caller } from "./turn.ts";

/** What a socket works with. */
export interface AgentSocketOptions {
  readonly socket: WebSocket;
  readonly graphql: GraphqlService;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly logger: Logger;
}

const handshakeTimeoutMs = 10_000;
const pingIntervalMs = 20_000;
/** A caller that asks and asks without reading is dropped at that. */
const maxUnreadBytes = 1024 * 1024;

/** A caller's socket. */
export class AgentSocket {
  readonly #options: AgentSocketOptions;
  readonly #server: ArcServer = createArcServer();
  readonly #operations = new Map<string, AbortController>();
  readonly #closed = new AbortController();
  #draining = false;
  #answersPings = true;

  constructor(options: AgentSocketOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("pong", () => {
      this.#answersPings = true;
    });
    socket.on("error", (error) => options.logger.debug("Socket failed", { error }));
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

  /** Closes at once, whatever is open. */
  terminate(): void {
    this.#options.socket.terminate();
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    // A binary frame is none of the protocol's: the empty text makes it close with 4400.
    this.#apply(this.#server.receive(isBinary ? "" : data.toString()));
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
    this.#options.logger.warn("Socket closed for a fault of its caller", step.close);
    this.#options.socket.close(step.close.code, step.close.reason);
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
      this.#options.logger.error("Operation failed", { error });
      if (!controller.signal.aborted)
        this.#apply(this.#server.error(id, [{ message: "Something went wrong here" }]));
    } finally {
      // The caller may have cancelled it and used the id again meanwhile.
      if (this.#operations.get(id) === controller) this.#operations.delete(id);
      this.#closeIfDrained();
    }
  }

  async #answer(id: string, operation: ArcOperation, signal: AbortSignal): Promise<void> {
    if (this.#draining) {
      this.#apply(this.#server.error(id, [{ message: "This agent is shutting down" }]));
      return;
    }
    const { graphql, caller } = this.#options;
    const started = await graphql.start(operation, { caller, signal });
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

  /**
   * Settles when the frames have left, so that a slow reader slows the agent down, and after a turn of the event
   * loop, so that a generator that never waits can't keep it from hearing that its caller has left.
   */
  async #send(step: ArcServerStep): Promise<void> {
    for (const frame of step.send) {
      await new Promise<void>((resolve) => {
        this.#options.socket.send(frame, () => setImmediate(resolve)); // a failure is followed by `close`
      });
    }
  }

  async #watchHandshake(): Promise<void> {
    await this.#options.clock.sleep(handshakeTimeoutMs, { signal: this.#closed.signal });
    this.#apply(this.#server.expireHandshake());
  }

  async #keepAlive(): Promise<void> {
    while (true) {
      await this.#options.clock.sleep(pingIntervalMs, { signal: this.#closed.signal });
      if (!this.#answersPings) {
        this.#options.logger.info("Socket dropped, its caller answers no pings");
        this.terminate();
        return;
      }
      this.#answersPings = false;
      this.#options.socket.ping();
    }
  }

  #closeIfDrained(): void {
    if (this.#draining && this.#operations.size === 0)
      this.#options.socket.close(1001, "Agent is shutting down");
  }
}

async function* resultsOf(started: Exclude<StartedOperation, { kind: "refused" }>): AsyncGenerator<unknown> {
  if (started.kind === "answered") yield started.result;
  else yield* started.results;
}

/** The only way out of the waits above is that the socket was closed. */
function ignoreClosed(): void {}
