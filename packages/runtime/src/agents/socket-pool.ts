/** Sockets to agents that wait for their next turn, by endpoint and subset; the one that was used last is used first. */
import { AgentSocket, type AgentSocketOptions, type SocketTarget } from "./agent-socket.ts";

/** Sockets by where they lead. Disposing closes those that are idle, and the others as they come back. */
export class SocketPool implements Disposable {
  readonly #options: Pick<AgentSocketOptions, "clock" | "limits" | "trust">;
  readonly #idle = new Map<string, AgentSocket[]>();
  #disposed = false;

  constructor(options: Pick<AgentSocketOptions, "clock" | "limits" | "trust">) {
    this.#options = options;
  }

  /** Sockets that wait. */
  get idle(): number {
    return [...this.#idle.values()].reduce((sum, sockets) => sum + sockets.length, 0);
  }

  /**
   * A socket to the target: one that waits and is alive, else a new one. One that was silent for long is asked for a
   * sign of life first: a dead one must not cost a turn.
   */
  async take(target: SocketTarget): Promise<AgentSocket> {
    const { limits } = this.#options;
    const waiting = this.#idle.get(keyOf(target));
    for (let socket = waiting?.pop(); socket !== undefined; socket = waiting?.pop()) {
      if (!socket.open) continue;
      if (socket.idleMs < limits.confirmAfterMs || (await socket.confirm())) return socket;
      socket.terminate();
    }
    return new AgentSocket(target, { ...this.#options, onClosed: (closed) => this.#forget(closed) });
  }

  /** Takes a socket back after a turn. */
  put(socket: AgentSocket): void {
    const waiting = this.#waitingFor(socket.target);
    if (this.#disposed || socket.old || waiting.length >= this.#options.limits.idleSockets) socket.close();
    else waiting.push(socket);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    const sockets = [...this.#idle.values()].flat();
    this.#idle.clear();
    for (const socket of sockets) socket.close();
  }

  #waitingFor(target: SocketTarget): AgentSocket[] {
    const key = keyOf(target);
    const known = this.#idle.get(key);
    if (known !== undefined) return known;
    const created: AgentSocket[] = [];
    this.#idle.set(key, created);
    return created;
  }

  #forget(socket: AgentSocket): void {
    const key = keyOf(socket.target);
    const waiting = this.#idle.get(key);
    if (waiting === undefined) return;
    const index = waiting.indexOf(socket);
    if (index >= 0) waiting.splice(index, 1);
    if (waiting.length === 0) this.#idle.delete(key);
  }
}

function keyOf({ url, subset }: SocketTarget): string {
  return `${subset} ${url}`;
}
