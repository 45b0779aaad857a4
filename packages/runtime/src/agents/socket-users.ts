/** The turns that use one socket: which of them a frame concerns, and whose readers are behind. */
import { type ParsedFrame, turnOfFrame } from "@lmos/protocol";
import type { AgentFault } from "./agent-connection.ts";

/** A turn that uses a socket. */
export interface SocketUser {
  /** Its operation on this socket. */
  readonly operationId: string;
  /** The socket takes frames; called at once on one that is open. */
  onOpen(): void;
  /** A frame of its own, or one that concerns all turns of the socket. */
  onFrame(frame: ParsedFrame, bytes: number): void;
  onFault(fault: AgentFault): void;
  /** True while its reader is behind. */
  readonly paused: boolean;
}

/** The users of a socket, and the places that are kept for those to come. */
export class SocketUsers {
  readonly #users = new Map<string, SocketUser>();
  /** Places that were given away to turns which have not begun to use them. */
  #reserved = 0;

  /** Turns that use it or are about to. */
  get places(): number {
    return this.#users.size + this.#reserved;
  }

  /** Turns that use it. */
  get size(): number {
    return this.#users.size;
  }

  get anyPaused(): boolean {
    return [...this.#users.values()].some(({ paused }) => paused);
  }

  /** True where there are readers and all of them are behind. */
  get allPaused(): boolean {
    return this.#users.size > 0 && [...this.#users.values()].every(({ paused }) => paused);
  }

  reserve(): void {
    this.#reserved += 1;
  }

  giveBack(): void {
    this.#reserved -= 1;
  }

  /** A turn comes to use the place that was kept for it. */
  add(user: SocketUser): void {
    this.#reserved -= 1;
    this.#users.set(user.operationId, user);
  }

  remove(operationId: string): void {
    this.#users.delete(operationId);
  }

  clear(): void {
    this.#users.clear();
  }

  tellOpen(): void {
    for (const user of this.#users.values()) user.onOpen();
  }

  tellFault(fault: AgentFault): void {
    for (const user of this.#users.values()) user.onFault(fault);
  }

  /** Each gets it: an only user knows best what is none of its. */
  tellFrame(frame: ParsedFrame, bytes: number): void {
    for (const user of this.#users.values()) user.onFrame(frame, bytes);
  }

  /** The one that it names gets it, and what names none concerns all. */
  dispatch(frame: ParsedFrame, bytes: number): void {
    const turn = turnOfFrame(frame);
    if (turn === undefined) this.tellFrame(frame, bytes);
    else this.#users.get(turn)?.onFrame(frame, bytes);
  }
}
