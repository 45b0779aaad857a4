/** Sockets to agents that wait for their next turn, by endpoint and subset; the one that was used last is used first. */
import { abortable } from "@lmos/primitives";
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
   * sign of life first: a dead one must not cost a turn. Where none comes, those that were silent as long are given up
   * with it: asking each would keep the turn waiting. Rejects with the signal's reason.
   */
  async take(target: SocketTarget, { signal }: { readonly signal: AbortSignal }): Promise<AgentSocket> {
    const waiting = this.#idle.get(keyOf(target)) ?? [];
    for (let socket = waiting.pop(); socket !== undefined; socket = waiting.pop()) {
      if (!socket.open) continue;
      if (!this.#isSilent(socket) || (await showsLife(socket, signal))) return socket;
      for (const dead of [socket, ...this.#takeSilent(waiting)]) dead.terminate();
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

  #isSilent({ idleMs }: AgentSocket): boolean {
    return idleMs >= this.#options.limits.confirmAfterMs;
  }

  #takeSilent(waiting: AgentSocket[]): readonly AgentSocket[] {
    const silent = waiting.filter((socket) => this.#isSilent(socket));
    waiting.splice(0, waiting.length, ...waiting.filter((socket) => !silent.includes(socket)));
    return silent;
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

/** A turn that is given up meanwhile gives the socket up, too. */
async function showsLife(socket: AgentSocket, signal: AbortSignal): Promise<boolean> {
  try {
    return await abortable(socket.confirm(), signal);
  } catch (error) {
    socket.terminate();
    throw error;
  }
}

function keyOf({ url, subset }: SocketTarget): string {
  return `${subset} ${url}`;
}
