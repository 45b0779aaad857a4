/** {@link AgentConnection} over one WebSocket a turn. */
import type { Clock, IdSource } from "@lmos/primitives";
import type { AgentCall, AgentConnection, AgentReply } from "./agent-connection.ts";
import { TurnSocket, type TurnSocketLimits } from "./turn-socket.ts";

/** What the connection is made of. */
export interface WebSocketConnectionOptions {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly limits: TurnSocketLimits;
}

/** A connection that opens a socket for each turn and closes it after the answer. */
export function createWebSocketConnection(options: WebSocketConnectionOptions): AgentConnection {
  return { ask: (call, { signal }) => ask(call, options, signal) };
}

async function* ask(
  call: AgentCall,
  options: WebSocketConnectionOptions,
  signal: AbortSignal,
): AsyncGenerator<AgentReply, void> {
  const socket = new TurnSocket(call, options);
  const onAbort = (): void => socket.cancel(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const reply = await socket.next();
      yield reply;
      if (reply.kind !== "result") return;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    socket.close();
  }
}
