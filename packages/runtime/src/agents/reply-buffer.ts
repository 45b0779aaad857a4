/** The replies between a socket that pushes and a reader that pulls: bounded, because the socket is told to pause. */
import type { AgentReply } from "./agent-connection.ts";

/** Told when the writer is to wait, and when it may go on. */
export interface FlowControl {
  onFlow(): void;
}

interface Entry {
  readonly reply: AgentReply;
  readonly bytes: number;
}

/**
 * One writer, one reader. The writer waits while more bytes than the bound are here, or are with a reader that has not come
 * back for more: one who does not come back then holds one large reply and not two.
 *
 * Guarantee: replies come out in order, the last one (`completed`, `failed`) once.
 */
export class ReplyBuffer {
  readonly #maxBytes: number;
  readonly #flow: FlowControl;
  readonly #entries: Entry[] = [];
  #bytes = 0;
  #paused = false;
  /** Who waits; a reply that is told it, or a promise that rejects. */
  #reader: ((reply: AgentReply | Promise<never>) => void) | undefined;

  constructor(maxBytes: number, flow: FlowControl) {
    this.#maxBytes = maxBytes;
    this.#flow = flow;
  }

  /** True while the writer is asked to wait. */
  get paused(): boolean {
    return this.#paused;
  }

  /** Bytes that wait for the reader. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a reply that took `bytes` on the wire. */
  push(reply: AgentReply, bytes: number): void {
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader(reply);
    } else {
      this.#entries.push({ reply, bytes });
      this.#bytes += bytes;
    }
    if (Math.max(bytes, this.#bytes) > this.#maxBytes) this.#pause(true);
  }

  /** The next reply, as soon as there is one. */
  next(): Promise<AgentReply> {
    const entry = this.#entries.shift();
    if (entry === undefined) return this.#wait();
    this.#bytes -= entry.bytes;
    return Promise.resolve(entry.reply);
  }

  /** Makes a waiting reader fail. */
  fail(reason: unknown): void {
    this.#reader?.(Promise.reject(reason));
    this.#reader = undefined;
  }

  #wait(): Promise<AgentReply> {
    this.#pause(false);
    return new Promise((resolve) => {
      this.#reader = resolve;
    });
  }

  #pause(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    this.#flow.onFlow();
  }
}
