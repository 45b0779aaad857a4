/**
 * The queue between sources and workers. Guarantees: a key waits once however often it is added, in its most urgent
 * lane; it is never handed out twice at once; added while it runs, it runs once more afterwards; retries wait longer
 * each time, until the key is forgotten; of several delays of a key the earliest counts; where the server asked to wait,
 * nothing hands the key out before that, whatever it was added for.
 */
import { type BackoffPolicy, backoffDelayMs, type Clock, type Random } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import { DelayedKeys } from "./delayed-keys.ts";
import { type Lane, LanedKeys, moreUrgent } from "./lanes.ts";
import { longestOutageWaitMs } from "./outage.ts";
import type { QueueMetrics } from "./queue-metrics.ts";
import { WaitingLine } from "./waiting-line.ts";

/** A key that was taken, and the lane that it waited in. */
export interface Taken {
  readonly key: string;
  readonly lane: Lane;
}

/** Whether a key failed for reasons of its own or because the server is away. */
export type RetryReason = "failure" | "outage";

/** Keys to work on. */
export interface WorkQueue extends Disposable {
  /** The key is due now. */
  add(key: string, lane: Lane): void;
  /** The key is due in `ms` milliseconds. */
  addAfter(key: string, ms: number): void;
  /**
   * The key failed: it is due after its back-off, whose milliseconds are returned. What an outage of the server made
   * fail waits seconds at most, and counts apart. `askedMs` is what the server asked to wait before that: the key rests
   * for so long even when it is added meanwhile.
   */
  retry(key: string, why: RetryReason, askedMs?: number): number;
  /** The key succeeded: its back-off starts anew. */
  forget(key: string): void;
  /** The next due key, once there is one; undefined once the signal is aborted. Each taken key must be `done`. */
  take(options: CallOptions): Promise<Taken | undefined>;
  /** The key that was taken is no longer worked on. */
  done(key: string): void;
  /** How many keys are due and not taken. */
  readonly depth: number;
}

/** What a queue is made of. */
export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly metrics?: QueueMetrics | undefined;
}

const backoff: BackoffPolicy = { initialMs: 5, maxMs: 300_000, factor: 2, jitter: 0.2 };
const backoffs = { failure: backoff, outage: { ...backoff, maxMs: longestOutageWaitMs } };

/** What a timer of this platform can sleep at a time. */
const longestSleepMs = 2_147_483_647;

/** An empty queue. Dispose it: that stops its timer. */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  return new KeyQueue(options);
}

/** A due key. */
interface Due {
  readonly lane: Lane;
  readonly sinceMs: number;
}

class KeyQueue implements WorkQueue {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #metrics: QueueMetrics | undefined;
  /** Keys that are due, with those that must wait until they are no longer processed. */
  readonly #due = new Map<string, Due>();
  /** The due keys that may be taken. */
  readonly #ready = new LanedKeys();
  /** Since when each key is processed. */
  readonly #processing = new Map<string, number>();
  readonly #failures = { failure: new Map<string, number>(), outage: new Map<string, number>() };
  readonly #delayed = new DelayedKeys();
  /** Keys that the server asked not to try again before a time. */
  readonly #resting = new DelayedKeys();
  readonly #takers = new WaitingLine();
  #timer: { readonly dueAtMs: number; readonly stop: AbortController } | undefined;
  #disposed = false;

  constructor({ clock, random, metrics }: WorkQueueOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#metrics = metrics;
  }

  get depth(): number {
    return this.#due.size;
  }

  add(key: string, lane: Lane): void {
    if (this.#disposed) return;
    const before = this.#due.get(key);
    const urgent = moreUrgent(lane, before?.lane);
    if (before?.lane === urgent) return;
    if (before === undefined) this.#metrics?.added();
    this.#due.set(key, { lane: urgent, sinceMs: before?.sinceMs ?? this.#clock.monotonic() });
    if (this.#mayBeTaken(key)) this.#makeReady(key, urgent);
    this.#metrics?.depth(this.depth);
  }

  addAfter(key: string, ms: number): void {
    if (this.#disposed) return;
    this.#delayed.add(key, this.#clock.monotonic() + Math.max(0, ms));
    this.#arm();
  }

  retry(key: string, why: RetryReason, askedMs = 0): number {
    const failures = this.#failures[why].get(key) ?? 0;
    this.#failures[why].set(key, failures + 1);
    if (askedMs > 0) this.#resting.add(key, this.#clock.monotonic() + askedMs);
    const delayMs = askedMs + backoffDelayMs(backoffs[why], failures, this.#random);
    this.addAfter(key, delayMs);
    this.#metrics?.retried();
    return delayMs;
  }

  forget(key: string): void {
    this.#failures.failure.delete(key);
    this.#failures.outage.delete(key);
  }

  async take({ signal }: CallOptions): Promise<Taken | undefined> {
    while (!signal.aborted) {
      const key = this.#ready.take();
      if (key !== undefined) return this.#start(key);
      // Takers choose after the adding code has run to its end, so that a burst of adds of one key is one.
      await this.#takers.join({ signal });
    }
    this.#takers.wakeOne(); // for what this one may have been woken for
    return undefined;
  }

  done(key: string): void {
    const startedAtMs = this.#processing.get(key) ?? this.#clock.monotonic();
    this.#processing.delete(key);
    this.#metrics?.worked((this.#clock.monotonic() - startedAtMs) / 1_000);
    this.#release(key);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#timer?.stop.abort();
  }

  #mayBeTaken(key: string): boolean {
    return !this.#processing.has(key) && !this.#resting.has(key);
  }

  /** What kept the key is over: if it is due it can be taken, unless something else keeps it. */
  #release(key: string): void {
    const due = this.#due.get(key);
    if (due !== undefined && this.#mayBeTaken(key)) this.#makeReady(key, due.lane);
  }

  #makeReady(key: string, lane: Lane): void {
    this.#ready.add(key, lane);
    this.#takers.wakeOne();
  }

  #start(key: string): Taken {
    const nowMs = this.#clock.monotonic();
    const { lane, sinceMs } = this.#due.get(key) ?? { lane: "resync", sinceMs: nowMs };
    this.#due.delete(key);
    this.#processing.set(key, nowMs);
    this.#metrics?.waited((nowMs - sinceMs) / 1_000);
    this.#metrics?.depth(this.depth);
    return { key, lane };
  }

  /** One timer, for the earliest key that is delayed or rests. */
  #arm(): void {
    const waiting = [this.#resting.nextDueAtMs(), this.#delayed.nextDueAtMs()];
    const dueAtMs = Math.min(...waiting.map((atMs) => atMs ?? Number.POSITIVE_INFINITY));
    if (dueAtMs === Number.POSITIVE_INFINITY || this.#timer?.dueAtMs === dueAtMs) return;
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
    const nowMs = this.#clock.monotonic();
    for (const key of this.#resting.takeDue(nowMs)) this.#release(key);
    for (const key of this.#delayed.takeDue(nowMs)) this.add(key, "retry");
    this.#arm();
  }
}
