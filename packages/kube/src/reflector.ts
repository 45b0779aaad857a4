/**
 * Keeps a store equal to what the API server holds: drives the watcher, puts what it finds into the store, and waits
 * after failures. It never gives up by itself.
 */
import { type BackoffPolicy, backoffDelayMs, type Clock, type Logger, type Random } from "@lmos/primitives";
import type { CallOptions, InvalidObject, KubeClient, WatchEvent } from "./client.ts";
import { isKubeError } from "./errors.ts";
import { type KubeObject, keyOf, keyText } from "./object.ts";
import { createObjectStore, type MutableStore } from "./object-store.ts";
import type { ResourceType } from "./resource-type.ts";
import type { Indexes, Store } from "./store.ts";
import {
  stateAfterFailure,
  stepWatcher,
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
}

/** Keeps a store equal to what the API server holds, for as long as `run` runs. */
export interface Reflector<T extends KubeObject> {
  readonly store: Store<T>;
  /** Lists and watches until aborted; then resolves. Failures are retried for ever. */
  run(options: CallOptions): Promise<void>;
}

const pageSize = 500;
/** A watch that ends cleanly is opened again at once, but not more often than this. */
const shortestWatchMs = 1_000;
/** A watch that lived this long was healthy: its failure is the first one. */
const healthyWatchMs = 30_000;
const backoff: BackoffPolicy = { initialMs: 800, maxMs: 30_000, factor: 2, jitter: 1 };

/** A reflector; nothing happens before its `run`. */
export function createReflector<T extends KubeObject>(options: ReflectorOptions<T>): Reflector<T> {
  const logger = options.logger.child({ reflector: options.type.plural });
  const store = createObjectStore<T>({ indexes: options.indexes, logger });
  return {
    store,
    run: ({ signal }) => new Mirroring({ ...options, logger }, store).run({ signal }),
  };
}

/** One run of a reflector. */
class Mirroring<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  readonly #store: MutableStore<T>;
  readonly #port: WatcherPort<T>;
  #state: WatcherState<T> = { kind: "empty" };
  #failures = 0;
  #openedAtMs = 0;

  constructor(options: ReflectorOptions<T>, store: MutableStore<T>) {
    this.#options = options;
    this.#store = store;
    this.#port = portOf(options);
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
      this.#state = state;
      return this.#take(output);
    } catch (error) {
      options.signal.throwIfAborted();
      return this.#fail(error);
    }
  }

  #take(output: WatcherOutput<T>): number {
    switch (output.kind) {
      case "page":
        return 0;
      case "listed":
        for (const invalid of output.invalid) this.#report(invalid);
        this.#store.replaceAll(output.items);
        return 0;
      case "opened":
        this.#openedAtMs = this.#options.clock.monotonic();
        return 0;
      case "event":
        this.#failures = 0;
        this.#takeEvent(output.event);
        return 0;
      case "ended":
        this.#failures = 0;
        return Math.max(0, shortestWatchMs - this.#watchedMs());
      default:
        return output satisfies never;
    }
  }

  #takeEvent(event: WatchEvent<T>): void {
    switch (event.kind) {
      case "added":
      case "modified":
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

  #fail(error: unknown): number {
    if (this.#state.kind === "watching" && this.#watchedMs() >= healthyWatchMs) this.#failures = 0;
    const first = this.#failures === 0;
    const retryInMs = first && isKubeError(error, "Expired") ? 0 : this.#backoffMs();
    const fields = { during: this.#state.kind, retryInMs, error };
    if (isKubeError(error, "Expired")) this.#options.logger.info("watch expired, listing again", fields);
    else this.#options.logger.warn("list or watch failed, trying again", fields);
    this.#failures += 1;
    this.#state = stateAfterFailure(this.#state, error);
    return retryInMs;
  }

  #backoffMs(): number {
    return backoffDelayMs(backoff, this.#failures, this.#options.random);
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
      const timeoutSeconds = 300 + Math.floor(random.next() * 301);
      return client.watch(type, { namespace, labelSelector, resourceVersion, timeoutSeconds, signal });
    },
  };
}
