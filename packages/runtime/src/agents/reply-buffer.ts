/** The replies between a socket that pushes and a reader that pulls: bounded, because the socket is told to pause. */
import type { AgentReply, ReplyReader } from "./agent-connection.ts";

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
  /** Made when a reply has to wait: most never do. */
  #entries: Entry[] | undefined;
  #bytes = 0;
  #paused = false;
  /** Who waits. */
  #reader: ReplyReader<AgentReply> | undefined;

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
      give(reply, reader);
    } else {
      this.#entries ??= [];
      this.#entries.push({ reply, bytes });
      this.#bytes += bytes;
    }
    if (Math.max(bytes, this.#bytes) > this.#maxBytes) this.#pause(true);
  }

  /** The reader gets the next reply, as soon as there is one. */
  read(reader: ReplyReader<AgentReply>): void {
    const entry = this.#entries?.shift();
    if (entry === undefined) {
      this.#reader = reader;
      this.#pause(false);
    } else {
      this.#bytes -= entry.bytes;
      give(entry.reply, reader);
    }
  }

  #pause(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    this.#flow.onFlow();
  }
}

/** Not at once: the socket has not finished with what it tells its turns, and a reader may ask for the next reply right away. */
function give(reply: AgentReply, reader: ReplyReader<AgentReply>): void {
  void Promise.resolve().then(() => {
    try {
      reader.take(reply);
    } catch (error) {
      reader.fail(error);
    }
  });
}
