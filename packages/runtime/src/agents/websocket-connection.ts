/** {@link AgentConnection} over pooled WebSockets, each of which serves one turn at a time. */
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
  return {
    ask: (call, { signal }) => ask(call, { ...options, pool, signal }),
    get idleSockets() {
      return pool.idle;
    },
    [Symbol.dispose]: () => pool[Symbol.dispose](),
  };
}

interface AskOptions extends WebSocketConnectionOptions {
  readonly pool: SocketPool;
  readonly signal: AbortSignal;
}

async function* ask(call: AgentCall, options: AskOptions): AsyncGenerator<AgentReply, void> {
  const { pool, signal } = options;
  signal.throwIfAborted();
  const socket = await pool.take(call, { signal });
  const operation = startOperation(call, socket, options);
  const onAbort = (): void => operation.cancel(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const reply = await operation.next();
      yield reply;
      if (reply.kind !== "result") return;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    if (operation.end()) pool.put(socket);
  }
}

function startOperation(
  call: AgentCall,
  socket: AgentSocket,
  { ids, limits, signal }: AskOptions,
): TurnOperation {
  if (signal.aborted) {
    socket.close();
    throw signal.reason;
  }
  return new TurnOperation(call, {
    socket,
    operationId: ids.next(),
    bufferedBytes: limits.unreadBytes,
  });
}
