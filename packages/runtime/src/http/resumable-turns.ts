/**
 * Turns that outlive their connection for a while, because their client asked for that (`x-lmos-resumable: true`). A
 * turn that nobody comes back to is cancelled; what has ended stays readable for as long.
 */
import type { Clock } from "@lmos/primitives";
import type { Turn, TurnEvent } from "../turn/turn.ts";
import { ReplayBuffer } from "./replay-buffer.ts";

/** Bounds of resumable turns. */
export interface ResumeLimits {
  /** Bytes of events that are kept for one turn. */
  readonly bufferedBytes: number;
  /** Milliseconds for which a turn waits for its client. */
  readonly resumeMs: number;
}

interface KeptTurn {
  readonly buffer: ReplayBuffer;
  readonly abandoned: AbortController;
  /** How often a reader has left before the end. */
  departures: number;
}

/** Turns kept at once; one more is an ordinary turn. */
const maxTurns = 1000;

/** Remembers turns that can be resumed. */
export class ResumableTurns implements Disposable {
  readonly #clock: Clock;
  readonly #limits: ResumeLimits;
  readonly #turns = new Map<string, KeptTurn>();
  /** Those whose place another turn of the same name has taken included. */
  #count = 0;
  readonly #closed = new AbortController();

  constructor(clock: Clock, limits: ResumeLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#count >= maxTurns;
  }

  /** What is left of a turn after that event; undefined where that cannot be had. */
  resume(
    turn: Turn,
    { afterId, signal }: { readonly afterId: number; readonly signal: AbortSignal },
  ): AsyncGenerator<TurnEvent, void> | undefined {
    const kept = this.#turns.get(keyOf(turn));
    return kept?.buffer.canResume(afterId) === true ? this.#read(kept, afterId, signal) : undefined;
  }

  /** Starts a turn that its client may leave and come back to. `run` is aborted when nobody does. */
  start(
    turn: Turn,
    run: (abandoned: AbortSignal) => AsyncIterable<TurnEvent>,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<TurnEvent, void> {
    const key = keyOf(turn);
    const buffer = new ReplayBuffer(this.#limits.bufferedBytes);
    const kept: KeptTurn = { buffer, abandoned: new AbortController(), departures: 0 };
    this.#turns.set(key, kept);
    this.#count += 1;
    const forget = (): void => {
      this.#count -= 1;
      if (this.#turns.get(key) === kept) this.#turns.delete(key);
    };
    void buffer
      .fill(run(kept.abandoned.signal))
      .then(() => this.#wait())
      .then(forget, forget);
    return this.#read(kept, 0, signal);
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
  }

  async *#read(kept: KeptTurn, afterId: number, signal: AbortSignal): AsyncGenerator<TurnEvent, void> {
    try {
      yield* kept.buffer.read(afterId, { signal });
    } finally {
      if (!kept.buffer.ended) this.#awaitReturn(kept);
    }
  }

  #awaitReturn(kept: KeptTurn): void {
    kept.departures += 1;
    const departure = kept.departures;
    const abandon = (): void => {
      if (kept.buffer.isRead || kept.departures !== departure) return;
      kept.abandoned.abort();
      kept.buffer.abandon();
    };
    this.#wait().then(abandon, abandon);
  }

  #wait(): Promise<void> {
    return this.#clock.sleep(this.#limits.resumeMs, { signal: this.#closed.signal });
  }
}

/** Only who asks the same turn of the same conversation for the same user gets its answer. */
function keyOf({ owner, tenant, channel, conversationId, userId, turnId }: Turn): string {
  const name = [owner?.issuer ?? null, owner?.subject ?? null, userId];
  return JSON.stringify([...name, tenant, channel, conversationId, turnId]);
}
