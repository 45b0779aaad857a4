/**
 * The events of one turn between the turn and a client that may come back (D15). Bounded: what was read is forgotten
 * first; what was not slows the turn down.
 */
import type { TurnEvent } from "../turn/turn.ts";

interface Kept {
  readonly event: TurnEvent;
  readonly size: number;
}

/** Events by number, the first one being 1. One reader at a time. */
export class ReplayBuffer {
  readonly #maxBytes: number;
  readonly #kept: Kept[] = [];
  #firstId = 1;
  #bytes = 0;
  #readUpTo = 0;
  #ended = false;
  #abandoned = false;
  #readers = 0;
  #reader: number | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** True once the turn is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** True while somebody reads. */
  get isRead(): boolean {
    return this.#reader !== undefined;
  }

  /** Nobody will read any more: the turn is slowed down no longer, so that it can end. */
  abandon(): void {
    this.#abandoned = true;
    this.#tell();
  }

  /** Takes all events of a turn, no faster than they are read. */
  async fill(events: AsyncIterable<TurnEvent>): Promise<void> {
    try {
      for await (const event of events) {
        this.#add(event);
        while (this.#isFull() && !this.#abandoned) await this.#changed.promise;
      }
    } finally {
      this.#ended = true;
      this.#tell();
    }
  }

  /** True when everything after that event is still there. */
  canResume(afterId: number): boolean {
    return afterId >= this.#firstId - 1 && afterId < this.#firstId + this.#kept.length;
  }

  /** Events after that one, to the end. Who reads anew takes over from who read before. */
  async *read(
    afterId: number,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<TurnEvent, void> {
    this.#readers += 1;
    const reader = this.#readers;
    signal.addEventListener("abort", () => this.#leave(reader), { once: true });
    this.#reader = reader;
    this.#tell();
    try {
      for (let id = afterId + 1; this.#reader === reader; id++) {
        const event = await this.#at(id, reader);
        if (event === undefined) return;
        this.#readUpTo = id;
        this.#tell();
        yield event;
      }
    } finally {
      this.#leave(reader);
    }
  }

  #leave(reader: number): void {
    if (this.#reader === reader) this.#reader = undefined;
    this.#tell();
  }

  async #at(id: number, reader: number): Promise<TurnEvent | undefined> {
    while (this.#reader === reader) {
      const kept = this.#kept[id - this.#firstId];
      if (kept !== undefined) return kept.event;
      if (this.#ended) return undefined;
      await this.#changed.promise;
    }
    return undefined;
  }

  #add(event: TurnEvent): void {
    const size = JSON.stringify(event).length;
    this.#kept.push({ event, size });
    this.#bytes += size;
    this.#tell();
  }

  /** Forgets what was read before it says so. */
  #isFull(): boolean {
    while (this.#bytes > this.#maxBytes && this.#firstId <= this.#readUpTo) {
      this.#bytes -= this.#kept.shift()?.size ?? 0;
      this.#firstId += 1;
    }
    return this.#bytes > this.#maxBytes;
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
