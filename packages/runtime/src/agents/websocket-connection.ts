/** {@link AgentConnection} over pooled WebSockets. */
import type { IdSource } from "@lmos/primitives";
import type { AgentCall, AgentConnection, AgentReply } from "./agent-connection.ts";
import type { AgentSocket, AgentSocketOptions } from "./agent-socket.ts";
import { SocketPool } from "./socket-pool.ts";
import { TurnOperation } from "./turn-operation.ts";

/** What the connection is made of. */
export interface WebSocketConnectionOptions extends Pick<AgentSocketOptions, "clock" | "limits" | "trust"> {
  readonly ids: IdSource;
}

/** A connection that owns sockets; disposing closes those that no turn uses. */
export interface WebSocketConnection extends AgentConnection, Disposable {
  /** Sockets that wait for a turn. */
  readonly idleSockets: number;
}

/** A connection that keeps sockets open between turns. */
export function createWebSocketConnection(options: WebSocketConnectionOptions): WebSocketConnection {
  const pool = new SocketPool(options);
  const asking = { ...options, pool };
  return {
    ask: (call, { signal }) => new AgentAnswer(call, asking, signal),
    get idleSockets() {
      return pool.idle;
    },
    [Symbol.dispose]: () => pool[Symbol.dispose](),
  };
}

/** The same for all that is asked. */
interface AskOptions extends WebSocketConnectionOptions {
  readonly pool: SocketPool;
}

/**
 * The replies to one call, read one after the other. No generator: it would be held by each stream that waits. Nothing is
 * asked before the first reply is.
 */
class AgentAnswer implements AsyncIterableIterator<AgentReply, void> {
  readonly #call: AgentCall;
  readonly #options: AskOptions;
  readonly #signal: AbortSignal;
  #socket: AgentSocket | undefined;
  #operation: TurnOperation | undefined;
  #ended = false;

  constructor(call: AgentCall, options: AskOptions, signal: AbortSignal) {
    this.#call = call;
    this.#options = options;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<AgentReply, void>> {
    const signal = this.#signal;
    if (this.#ended) return Promise.resolve(done);
    if (signal.aborted) return this.#fail(signal.reason);
    const reply = this.#operation === undefined ? this.#ask() : this.#operation.next();
    return reply.then(this.#onReply);
  }

  return(): Promise<IteratorResult<AgentReply, void>> {
    this.#end();
    return Promise.resolve(done);
  }

  async #ask(): Promise<AgentReply> {
    const { pool, ids, limits } = this.#options;
    const signal = this.#signal;
    const socket = await pool.take(this.#call, { signal }).catch((reason: unknown) => this.#fail(reason));
    if (signal.aborted) {
      pool.giveBack(socket);
      return this.#fail(signal.reason);
    }
    this.#socket = socket;
    const settings = { socket, operationId: ids.next(), bufferedBytes: limits.unreadBytes };
    this.#operation = new TurnOperation(this.#call, settings);
    signal.addEventListener("abort", this.#onAbort, { once: true });
    return this.#operation.next();
  }

  readonly #onReply = (value: AgentReply): IteratorResult<AgentReply, void> => {
    if (value.kind !== "result") this.#end();
    return { done: false, value };
  };

  readonly #onAbort = (): void => {
    this.#operation?.cancel(this.#signal.reason);
    this.#end();
  };

  #fail(reason: unknown): Promise<never> {
    this.#end();
    return Promise.reject(reason);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal.removeEventListener("abort", this.#onAbort);
    if (this.#socket !== undefined && this.#operation?.end() === true) this.#options.pool.put(this.#socket);
  }
}

const done = { done: true, value: undefined } as const;
