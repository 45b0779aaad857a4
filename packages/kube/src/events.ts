/**
 * Events for people who look at an object with `kubectl describe`. Written in the background, one after the other;
 * what repeats within six minutes becomes a series of one event instead of another event, and what differs in its note alone
 * is one series too once there were ten of it. An object about which ever new things happen is cut short: 25 events at once,
 * then one every five minutes, as with client-go.
 */
import { type Clock, canonicalJson, type IdSource, type Logger, withDeadline } from "@lmos/primitives";
import type { KubeClient } from "./client.ts";
import { type EventObject, eventNamespace, eventResource, microTime, referenceTo } from "./event-object.ts";
import type { KubeObject, ObjectKey } from "./object.ts";
import { combinedNote, SimilarEvents } from "./similar-events.ts";
import { TokenBuckets } from "./token-bucket.ts";

/** Something that happened to an object. */
export interface EventRecord {
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  /** Why, in one CamelCase word. */
  readonly reason: string;
  /** What was done or tried, in one CamelCase word. */
  readonly action: string;
  /** The sentence for people; cut at 1,024 bytes. */
  readonly note: string;
}

/** Writes events in the background. Disposing it writes what is still buffered (5 s at most). */
export interface EventRecorder extends AsyncDisposable {
  /** Never throws and never waits: what can't be written is logged and dropped. */
  record(event: EventRecord): void;
}

/** What an event recorder is made of. */
export interface EventRecorderOptions {
  readonly client: Pick<KubeClient, "create" | "patch">;
  /** Who reports, such as `my-operator`. */
  readonly component: string;
  /** Which of its instances, such as the pod's name. */
  readonly instance: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
}

/** An event recorder. */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  return new BufferedRecorder(options);
}

/** The same event, again and again. */
interface Series {
  readonly key: ObjectKey;
  count: number;
  /** Wall clock, for people. */
  lastSeenAt: number;
  /** Monotonic, as all times by which something is decided. */
  lastSeenAtMs: number;
  writtenCount: number;
}

type Write = (options: { readonly signal: AbortSignal }) => Promise<unknown>;

const perObject = { burst: 25, refillMs: 5 * 60_000 };
const maxBuffered = 1_000;
const maxSeries = 4_096;
const seriesWindowMs = 6 * 60_000;
const seriesWriteMs = 5 * 60_000;
const writeTimeoutMs = 10_000;
const drainMs = 5_000;
const maxNoteBytes = 1_024;

class BufferedRecorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  /** By what makes events the same; the least recently begun first. */
  readonly #series = new Map<string, Series>();
  readonly #similar: SimilarEvents;
  readonly #buffer: Write[] = [];
  readonly #allowances: TokenBuckets;
  readonly #stopped = new AbortController();
  #writing: Promise<void> | undefined;
  #countsDue = false;
  /** Since the buffer was last empty. */
  #dropped = 0;
  #closing = false;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#allowances = new TokenBuckets(perObject, options.clock);
    this.#similar = new SimilarEvents(options.clock);
  }

  record(event: EventRecord): void {
    if (this.#closing) return;
    const nowMs = this.#options.clock.monotonic();
    const group = groupOf(event);
    const own = identityOf(group, event);
    const identity = this.#isSeries(own, nowMs) || !this.#similar.areMany(group) ? own : group;
    const series = this.#series.get(identity);
    if (series !== undefined && this.#isSeries(identity, nowMs)) this.#repeat(series, nowMs);
    else if (this.#isAllowed(event)) this.#begin(identity, eventFor(identity, group, event), nowMs);
  }

  #isSeries(identity: string, nowMs: number): boolean {
    const series = this.#series.get(identity);
    return series !== undefined && nowMs - series.lastSeenAtMs < seriesWindowMs;
  }

  #isAllowed({ regarding, reason, note }: EventRecord): boolean {
    const object = objectText(regarding);
    if (this.#allowances.take(object)) return true;
    this.#options.logger.debug("too many events of one object, one is dropped", { object, reason, note });
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock } = this.#options;
    this.#closing = true;
    for (const series of this.#series.values()) this.#saveCount(series);
    using deadline = withDeadline("writing the last events", drainMs, {
      signal: this.#stopped.signal,
      clock,
    });
    deadline.signal.addEventListener("abort", () => this.#stopped.abort(deadline.signal.reason));
    await this.#writing;
    this.#stopped.abort();
  }

  #begin(identity: string, event: EventRecord, nowMs: number): void {
    const now = this.#options.clock.now();
    const object = this.#describe(event, now);
    const { name, namespace } = object.metadata;
    this.#similar.add(groupOf(event));
    this.#series.delete(identity);
    this.#series.set(identity, {
      key: { name, namespace },
      count: 1,
      lastSeenAt: now,
      lastSeenAtMs: nowMs,
      writtenCount: 1,
    });
    const [oldest] = this.#series.keys();
    if (this.#series.size > maxSeries && oldest !== undefined) this.#series.delete(oldest);
    this.#write((options) => this.#options.client.create(eventResource, object, options));
  }

  /** Counts; the count is written at the first repetition and then every five minutes, the last one too. */
  #repeat(series: Series, nowMs: number): void {
    series.count += 1;
    series.lastSeenAt = this.#options.clock.now();
    series.lastSeenAtMs = nowMs;
    if (series.count === 2) this.#saveCount(series);
    else this.#saveCountsLater();
  }

  /** One timer for all series. */
  #saveCountsLater(): void {
    if (this.#countsDue) return;
    this.#countsDue = true;
    this.#options.clock.sleep(seriesWriteMs, { signal: this.#stopped.signal }).then(
      () => {
        this.#countsDue = false;
        for (const series of this.#series.values()) this.#saveCount(series);
      },
      () => undefined, // disposing has saved them
    );
  }

  #saveCount(series: Series): void {
    if (series.writtenCount === series.count) return;
    series.writtenCount = series.count;
    const body = { series: { count: series.count, lastObservedTime: microTime(series.lastSeenAt) } };
    this.#write((options) =>
      this.#options.client.patch(eventResource, series.key, { kind: "merge", body }, options),
    );
  }

  #describe(event: EventRecord, now: number): EventObject {
    const { regarding, type, reason, action, note } = event;
    const name = `${regarding.metadata.name.slice(0, 200)}.${this.#options.ids.next()}`;
    return {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name, namespace: eventNamespace(regarding) },
      eventTime: microTime(now),
      reportingController: this.#options.component,
      reportingInstance: this.#options.instance,
      type,
      reason,
      action,
      note: cutBytes(note, maxNoteBytes),
      regarding: referenceTo(regarding),
    };
  }

  #write(write: Write): void {
    if (this.#buffer.length >= maxBuffered) {
      this.#drop();
      return;
    }
    this.#buffer.push(write);
    this.#writing ??= this.#drain();
  }

  /** Said once, and how many they were when they are over: a line for each would be the next flood. */
  #drop(): void {
    if (this.#dropped === 0) {
      this.#options.logger.warn("too many events, some are dropped", { buffered: maxBuffered });
    }
    this.#dropped += 1;
  }

  async #drain(): Promise<void> {
    for (let write = this.#buffer.shift(); write !== undefined; write = this.#buffer.shift()) {
      await this.#attempt(write);
    }
    if (this.#dropped > 0) this.#options.logger.warn("events were dropped", { dropped: this.#dropped });
    this.#dropped = 0;
    this.#writing = undefined;
  }

  async #attempt(write: Write): Promise<void> {
    const { clock, logger } = this.#options;
    using deadline = withDeadline("writing an event", writeTimeoutMs, {
      signal: this.#stopped.signal,
      clock,
    });
    try {
      await write({ signal: deadline.signal });
    } catch (error) {
      logger.warn("event can't be written and is dropped", { error });
    }
  }
}

/** Equal for events that differ in their notes at most. */
function groupOf({ regarding, type, reason, action }: EventRecord): string {
  return canonicalJson([objectText(regarding), type, reason, action]);
}

function identityOf(group: string, { note }: EventRecord): string {
  return `${group} ${note}`;
}

/** The event that stands for its whole group where it goes by the group's identity. */
function eventFor(identity: string, group: string, event: EventRecord): EventRecord {
  return identity === group ? { ...event, note: combinedNote(event.note) } : event;
}

function objectText({ kind, metadata: { namespace, name, uid } }: KubeObject): string {
  return canonicalJson([kind, namespace, name, uid]);
}

function cutBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return bytes
    .subarray(0, maxBytes)
    .toString("utf8")
    .replace(/\uFFFD$/, ""); // a character may have been cut in two
}
