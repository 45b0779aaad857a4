/**
 * Keeps a store equal to what the API server holds: drives the watcher, puts what it finds into the store, and waits
 * after failures. It never gives up by itself.
 */
import type { Clock, Logger, Random } from "@lmos/primitives";
import type { CallOptions, InvalidObject, KubeClient, WatchEvent } from "./client.ts";
import { isKubeError } from "./errors.ts";
import { createListGuard, type ListGuard } from "./list-guard.ts";
import type { KubeMetrics } from "./metrics.ts";
import { type KubeObject, keyOf, keyText } from "./object.ts";
import { createObjectStore, type MutableStore } from "./object-store.ts";
import { createReconnect, type Reconnect } from "./reconnect.ts";
import type { ResourceType } from "./resource-type.ts";
import { shareWithEarlier, shareWithOther } from "./shared-parts.ts";
import type { Indexes, Store } from "./store.ts";
import {
  stateAfterFailure,
  stepWatcher,
  versionOf,
  type WatcherOutput,
  type WatcherPort,
  type WatcherState,
} from "./watcher.ts";

/** What to mirror: all namespaces unless one is given. */
export interface ReflectorOptions<T extends KubeObject> {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly type: ResourceType<T>;
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly indexes?: Indexes<T> | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics?: KubeMetrics | undefined;
}

/** Keeps a store equal to what the API server holds, for as long as `run` runs. */
export interface Reflector<T extends KubeObject> {
  readonly store: Store<T>;
  /**
   * Milliseconds since the server was last heard of (a list, an event, a watch that ended in order); about half a
   * minute is usual on a quiet kind, minutes mean that the store is stale. Since its making, before it was ever heard.
   */
  silentMs(): number;
  /** Lists and watches until aborted; then resolves. Failures are retried for ever. */
  run(options: CallOptions): Promise<void>;
}

const pageSize = 500;
/** A watch that ends cleanly is opened again at once, but not more often than this. */
const shortestWatchMs = 1_000;
/** A watch that lived this long was healthy: its failure is the first one. */
const healthyWatchMs = 20_000;
/**
 * How long the server is to keep a watch open, in seconds, and how much longer that may be. Short, because silence on
 * HTTP/1.1 means nothing before the server's own end of the watch is overdue: it is what bounds the time until a
 * half-open connection is noticed.
 */
const watchSeconds = 25;
const watchSecondsSpread = 11;

/** A reflector; nothing happens before its `run`. */
export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  const logger = options.logger.child({ reflector: options.type.plural });
  const store = createObjectStore<T>({ indexes: options.indexes, logger });
  const { clock, metrics, type } = options;
  let heardAtMs = clock.monotonic();
  const silentMs = (): number => clock.monotonic() - heardAtMs;
  const heard = (): void => {
    heardAtMs = clock.monotonic();
  };
  return {
    store,
    silentMs,
    run: async ({ signal }) => {
      const forget = metrics?.watching(type.plural, silentMs);
      try {
        await new Mirroring({ ...options, logger }, store, heard).run({ signal });
      } finally {
        forget?.();
      }
    },
  };
}

/** One run of a reflector. */
class Mirroring<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #store: MutableStore<T>;
  readonly #port: WatcherPort<T>;
  readonly #reconnect: Reconnect;
  readonly #guard: ListGuard;
  readonly #heard: () => void;
  #state: WatcherState<T> = { kind: "empty" };
  #openedAtMs = 0;
  #latest: T | undefined;

  constructor(options: ReflectorOptions<T>, store: MutableStore<T>, heard: () => void) {
    this.#options = options;
    this.#store = store;
    this.#heard = heard;
    this.#port = portOf(options);
    this.#reconnect = createReconnect(options.random);
    this.#guard = createListGuard(options.clock);
  }

  async run({ signal }: CallOptions): Promise<void> {
    try {
      while (!signal.aborted) {
        const delayMs = await this.#advance({ signal });
        if (delayMs > 0) await this.#options.clock.sleep(delayMs, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (this.#state.kind === "watching") await this.#state.events.return?.();
    }
  }

  /** One step; tells how many milliseconds to wait before the next. */
  async #advance(options: CallOptions): Promise<number> {
    try {
      const { state, output } = await stepWatcher(this.#state, this.#port, options);
      const delayMs = this.#take(output);
      this.#state = state;
      return delayMs;
    } catch (error) {
      options.signal.throwIfAborted();
      return this.#fail(error);
    }
  }

  #take(output: WatcherOutput<T>): number {
    switch (output.kind) {
      case "page":
        this.#heard();
        return 0;
      case "listed":
        this.#guard.check(output.resourceVersion);
        this.#heard();
        for (const invalid of output.invalid) this.#report(invalid);
        this.#store.reached(output.resourceVersion);
        for (const object of output.items) this.#share(object);
        this.#store.replaceAll(output.items);
        return 0;
      case "opened":
        this.#openedAtMs = this.#options.clock.monotonic();
        return 0;
      case "event":
        this.#heard();
        this.#reconnect.succeeded();
        this.#takeEvent(output.event);
        return 0;
      case "ended":
        this.#heard();
        this.#reconnect.succeeded();
        this.#options.metrics?.watchRestarted("ended");
        return Math.max(0, shortestWatchMs - this.#watchedMs());
      default:
        return output satisfies never;
    }
  }

  #takeEvent(event: WatchEvent<T>): void {
    const resourceVersion = versionOf(event);
    this.#guard.saw(resourceVersion);
    if (resourceVersion !== undefined) this.#store.reached(resourceVersion);
    switch (event.kind) {
      case "added":
      case "modified":
        this.#share(event.object);
        this.#store.put(event.object);
        return;
      case "deleted":
        this.#store.remove(keyOf(event.object));
        return;
      case "invalid":
        this.#report(event.invalid);
        if (event.invalid.key !== undefined) this.#store.remove(event.invalid.key);
        return;
      case "bookmark":
        return;
      default:
        event satisfies never;
    }
  }

  /** With the version before it, or else with the last object that came: labels and conditions are often the same. */
  #share(object: T): void {
    const before = this.#store.get(keyOf(object));
    if (before === undefined) shareWithOther(object, this.#latest);
    else shareWithEarlier(object, before);
    this.#latest = object;
  }

  #fail(error: unknown): number {
    if (this.#state.kind === "watching" && this.#watchedMs() >= healthyWatchMs) this.#reconnect.succeeded();
    const retryInMs = this.#reconnect.afterFailure(error);
    const fields = { during: this.#state.kind, retryInMs, error };
    if (isKubeError(error, "Expired")) this.#options.logger.info("watch expired, listing again", fields);
    else this.#options.logger.warn("list or watch failed, trying again", fields);
    this.#options.metrics?.watchRestarted(isKubeError(error) ? error.code : "Unknown");
    this.#state = stateAfterFailure(this.#state, error);
    return retryInMs;
  }

  #watchedMs(): number {
    return this.#options.clock.monotonic() - this.#openedAtMs;
  }

  #report({ key, reason }: InvalidObject): void {
    const name = key === undefined ? "(without a name)" : keyText(key);
    this.#options.logger.warn("object can't be read and is left out", { key: name, reason });
  }
}

function portOf<T extends KubeObject>(options: ReflectorOptions<T>): WatcherPort<T> {
  const { client, type, random, namespace, labelSelector } = options;
  return {
    list: (continueToken, { signal }) =>
      client.list(type, { namespace, labelSelector, continueToken, limit: pageSize, signal }),
    watch: (resourceVersion, { signal }) => {
      const timeoutSeconds = watchSeconds + Math.floor(random.next() * watchSecondsSpread);
      return client.watch(type, { namespace, labelSelector, resourceVersion, timeoutSeconds, signal });
    },
  };
}
