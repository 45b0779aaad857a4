/**
 * The queue between sources and workers. Guarantees: a key waits once however often it is added; it is never handed
 * out twice at once; added while it runs, it runs once more afterwards; retries wait longer each time, until the key
 * is forgotten; of several delays of a key the earliest counts.
 */
import { abortable, type BackoffPolicy, backoffDelayMs, type Clock, type Random } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import { DelayedKeys } from "./delayed-keys.ts";

/** Keys to work on. */
export interface WorkQueue extends Disposable {
  /** The key is due now. */
  add(key: string): void;
  /** The key is due in `ms` milliseconds. */
  addAfter(key: string, ms: number): void;
  /** The key failed: it is due after its back-off, whose milliseconds are returned. */
  retry(key: string): number;
  /** The key succeeded: its back-off starts anew. */
  forget(key: string): void;
  /** The next due key, once there is one; undefined once the signal is aborted. Each taken key must be `done`. */
  take(options: CallOptions): Promise<string | undefined>;
  /** The key that was taken is no longer worked on. */
  done(key: string): void;
  /** How many keys are due and not taken. */
  readonly depth: number;
}

/** What a queue is made of. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
}

const backoff: BackoffPolicy = { initialMs: 5, maxMs: 300_000, factor: 2, jitter: 0.2 };

/** What a timer of this platform can sleep at a time. */
const longestSleepMs = 2_147_483_647;

/** An empty queue. Dispose it: that stops its timer. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyQueue(options);
}

class KeyQueue implements WorkQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  /** Keys that are due, with those that must wait until they are no longer processed. */
  readonly #dirty = new Set<string>();
  /** The due keys that may be taken, first come first served. */
  readonly #ready = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #delayed = new DelayedKeys();
  #timer: { readonly dueAtMs: number; readonly stop: AbortController } | undefined;
  #arrival = Promise.withResolvers<void>();
  #disposed = false;

  constructor({ clock, random }: WorkQueueOptions) {
    this.#clock = clock;
    this.#random = random;
  }

  get depth(): number {
    return this.#dirty.size;
  }

  add(key: string): void {
    if (this.#disposed || this.#dirty.has(key)) return;
    this.#dirty.add(key);
    if (!this.#processing.has(key)) this.#makeReady(key);
  }

  addAfter(key: string, ms: number): void {
    if (this.#disposed) return;
    this.#delayed.add(key, this.#clock.monotonic() + Math.max(0, ms));
    this.#arm();
  }

  retry(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const delayMs = backoffDelayMs(backoff, failures, this.#random);
    this.addAfter(key, delayMs);
    return delayMs;
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  async take({ signal }: CallOptions): Promise<string | undefined> {
    while (!signal.aborted) {
      const [key] = this.#ready;
      if (key !== undefined) return this.#start(key);
      // Takers choose after the adding code has run to its end, so that a burst of adds of one key is one.
      await abortable(this.#arrival.promise, signal).catch(() => undefined);
    }
    return undefined;
  }

  done(key: string): void {
    this.#processing.delete(key);
    if (this.#dirty.has(key)) this.#makeReady(key);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.stop.abort();
  }

  #makeReady(key: string): void {
    this.#ready.add(key);
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers<void>();
  }

  #start(key: string): string {
    this.#ready.delete(key);
    this.#dirty.delete(key);
    this.#processing.add(key);
    return key;
  }

  /** One timer, for the earliest delayed key. */
  #arm(): void {
    const dueAtMs = this.#delayed.nextDueAtMs();
    if (dueAtMs === undefined || this.#timer?.dueAtMs === dueAtMs) return;
    this.#timer?.stop.abort();
    const timer = { dueAtMs, stop: new AbortController() };
    this.#timer = timer;
    const sleepMs = Math.min(longestSleepMs, Math.max(0, dueAtMs - this.#clock.monotonic()));
    this.#clock.sleep(sleepMs, { signal: timer.stop.signal }).then(
      () => this.#wake(),
      () => undefined, // replaced by an earlier one, or disposed
    );
  }

  #wake(): void {
    this.#timer = undefined;
    for (const key of this.#delayed.takeDue(this.#clock.monotonic())) this.add(key);
    this.#arm();
  }
}
