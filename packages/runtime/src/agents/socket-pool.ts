/**
 * Sockets to agents, by endpoint and subset. Of those that wait for their next turn the one that was used last is used
 * first. Where many are in use already, and the agent takes several turns on a socket, turns share them.
 */
import { abortable } from "@lmos/primitives";
import { AgentSocket, type AgentSocketOptions } from "./agent-socket.ts";
import type { SocketTarget } from "./open-socket.ts";

type PoolOptions = Pick<AgentSocketOptions, "clock" | "limits" | "trust">;

/** Sockets by where they lead. Disposing closes those that are idle, and the others as they come back. */
export class SocketPool implements Disposable {
  readonly #options: PoolOptions;
  readonly #targets = new Map<string, TargetSockets>();
  #disposed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Sockets that wait. */
  get idle(): number {
    return [...this.#targets.values()].reduce((sum, { idle }) => sum + idle.length, 0);
  }

  /**
   * A socket to the target with a place for one turn: one that waits and is alive, one that is shared, else a new one.
   * One that was silent for long is asked for a sign of life first: a dead one must not cost a turn. Where none comes,
   * those that were silent as long are given up with it: asking each would keep the turn waiting. Rejects with the
   * signal's reason.
   */
  async take(target: SocketTarget, { signal }: { readonly signal: AbortSignal }): Promise<AgentSocket> {
    const sockets = this.#socketsOf(target);
    const socket = (await sockets.takeIdle(signal)) ?? (await sockets.takeShared(signal));
    if (socket !== undefined) return socket;
    return sockets.add(
      new AgentSocket(target, { ...this.#options, onClosed: (closed) => this.#forget(closed) }),
    );
  }

  /** Takes back a place that no turn came to use. */
  giveBack(socket: AgentSocket): void {
    socket.giveBack();
    if (socket.acknowledged) this.put(socket);
    else if (!socket.used) socket.close();
  }

  /** Takes a socket back after a turn; others may still use it. */
  put(socket: AgentSocket): void {
    if (socket.used) return;
    const sockets = this.#socketsOf(socket.target);
    const isSurplus = sockets.idle.length >= this.#options.limits.idleSockets;
    if (this.#disposed || socket.old || socket.retired || isSurplus) socket.close();
    else sockets.rest(socket);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    const idle = [...this.#targets.values()].flatMap((sockets) => sockets.idle);
    for (const socket of idle) socket.close();
  }

  #socketsOf(target: SocketTarget): TargetSockets {
    const key = keyOf(target);
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    const created = new TargetSockets(this.#options);
    this.#targets.set(key, created);
    return created;
  }

  #forget(socket: AgentSocket): void {
    const key = keyOf(socket.target);
    if (this.#targets.get(key)?.remove(socket) === 0) this.#targets.delete(key);
  }
}

/** Shared sockets that are looked at for a place before another one is opened. */
const lookedAt = 64;

/** The sockets that lead to one endpoint, for one subset. */
class TargetSockets {
  /** Those that wait, the one that was used last at the end. */
  readonly idle: AgentSocket[] = [];
  /** Those that a turn uses, the one that got a turn last at the end. */
  readonly #busy = new Set<AgentSocket>();
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async takeIdle(signal: AbortSignal): Promise<AgentSocket | undefined> {
    for (let socket = this.idle.pop(); socket !== undefined; socket = this.idle.pop()) {
      if (!socket.open) continue;
      if (!this.#isSilent(socket) || (await showsLife(socket, signal))) return this.add(socket);
      for (const dead of [socket, ...this.#takeSilent()]) dead.terminate();
    }
    return undefined;
  }

  /** A few turns get a socket each: a Service chooses a pod for each connection, and would have nothing to choose from. */
  async takeShared(signal: AbortSignal): Promise<AgentSocket | undefined> {
    if (this.#busy.size < this.#options.limits.unsharedSockets) return undefined;
    let left = Math.min(lookedAt, this.#busy.size);
    for (const socket of this.#busy) {
      if (left === 0) break;
      left -= 1;
      if (!socket.hasRoom) this.#toEnd(socket);
      else if (!this.#isQuiet(socket)) return this.add(socket);
      else if (!(await showsLife(socket, signal))) socket.terminate();
      else if (socket.hasRoom) return this.add(socket);
    }
    return undefined;
  }

  /** Keeps a place on a socket for one turn. */
  add(socket: AgentSocket): AgentSocket {
    this.#toEnd(socket);
    socket.reserve();
    return socket;
  }

  /** No turn uses it any more. */
  rest(socket: AgentSocket): void {
    this.#busy.delete(socket);
    this.idle.push(socket);
  }

  /** Takes a closed one out; how many are left. */
  remove(socket: AgentSocket): number {
    this.#busy.delete(socket);
    const index = this.idle.indexOf(socket);
    if (index >= 0) this.idle.splice(index, 1);
    return this.idle.length + this.#busy.size;
  }

  #toEnd(socket: AgentSocket): void {
    this.#busy.delete(socket);
    this.#busy.add(socket);
  }

  #isQuiet({ quietMs }: AgentSocket): boolean {
    return quietMs >= this.#options.limits.confirmAfterMs;
  }

  #isSilent({ idleMs }: AgentSocket): boolean {
    return idleMs >= this.#options.limits.confirmAfterMs;
  }

  #takeSilent(): readonly AgentSocket[] {
    const silent = this.idle.filter((socket) => this.#isSilent(socket));
    this.idle.splice(0, this.idle.length, ...this.idle.filter((socket) => !silent.includes(socket)));
    return silent;
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
