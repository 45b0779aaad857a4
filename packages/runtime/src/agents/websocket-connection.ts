/** {@link AgentConnection} over pooled WebSockets. */
import type { IdSource } from "@lmos/primitives";
import type { AgentCall, AgentConnection, AgentReply, Replies, ReplyReader } from "./agent-connection.ts";
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
    ask: (call, reader) => new AgentAnswer(call, asking, reader),
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

/** The replies to one call. */
class AgentAnswer implements Replies, ReplyReader<AgentReply> {
  readonly #options: AskOptions;
  readonly #reader: ReplyReader<AgentReply>;
  /** Until it was asked. */
  #call: AgentCall | undefined;
  /** While a socket is taken. */
  #taking: AbortController | undefined;
  #socket: AgentSocket | undefined;
  #operation: TurnOperation | undefined;
  #ended = false;

  constructor(call: AgentCall, options: AskOptions, reader: ReplyReader<AgentReply>) {
    this.#call = call;
    this.#options = options;
    this.#reader = reader;
  }

  read(): void {
    const call = this.#call;
    this.#call = undefined;
    if (call !== undefined) void this.#ask(call);
    else this.#operation?.read(this);
  }

  leave(): void {
    this.#taking?.abort(left);
    this.#end();
  }

  take(reply: AgentReply): void {
    if (this.#ended) return;
    if (reply.kind !== "result") this.#end();
    this.#reader.take(reply);
  }

  fail(error: unknown): void {
    this.#end();
    this.#reader.fail(error);
  }

  /** Nobody waits for it: what it throws, the reader is told. */
  async #ask(call: AgentCall): Promise<void> {
    try {
      const socket = await this.#takeSocket(call);
      if (this.#ended) this.#options.pool.giveBack(socket);
      else this.#begin(call, socket);
    } catch (error) {
      if (!this.#ended) this.fail(error);
    }
  }

  async #takeSocket(call: AgentCall): Promise<AgentSocket> {
    const taking = new AbortController();
    this.#taking = taking;
    try {
      return await this.#options.pool.take(call, taking);
    } finally {
      this.#taking = undefined;
    }
  }

  #begin(call: AgentCall, socket: AgentSocket): void {
    const { ids, limits } = this.#options;
    this.#socket = socket;
    this.#operation = new TurnOperation(call, {
      socket,
      operationId: ids.next(),
      bufferedBytes: limits.unreadBytes,
    });
    this.#operation.read(this);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#socket !== undefined && this.#operation?.end() === true) this.#options.pool.put(this.#socket);
  }
}

/** Why no socket is taken any more; made once, it is never shown. */
const left = new Error("the turn was left");
