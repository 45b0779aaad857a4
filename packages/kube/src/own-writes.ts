/**
 * Keeps a controller from acting on data older than its own last write. After a write the cache lags behind for a
 * moment; a reconcile that runs in this moment would decide on what was, create twice or undo its own work. The client
 * given back notes the version of each answer, and the uid of what it deleted; a store that has not come that far is
 * behind. That an object is missing says nothing by itself: others may have deleted it since. So it is the store's own
 * version that decides.
 */
import type { Clock } from "@lmos/primitives";
import type { KubeClient, WriteOptions } from "./client.ts";
import { interceptClient } from "./intercept.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "./object.ts";
import { type Requeue, requeueAfter } from "./requeue.ts";
import type { ResourceType } from "./resource-type.ts";
import { isOlderVersion } from "./resource-version.ts";
import type { Store } from "./store.ts";

/** Which writes a process has made that its stores may not show yet. */
export interface OwnWrites {
  /** Use it for all writes. */
  readonly client: KubeClient;
  /**
   * Undefined where this store of that type shows our last write of the object, or something newer. Otherwise what a
   * reconcile returns instead of deciding: the change that ends the lag brings the key back, and if none ever comes
   * (the store does not select such objects, the watch hangs), it is due again after thirty seconds, and decides.
   */
  requeueIfBehind<T extends KubeObject>(
    type: ResourceType<T>,
    store: Store<T>,
    key: ObjectKey,
  ): Requeue | undefined;
}

interface Write {
  readonly resourceVersion: string;
  readonly atMs: number;
}

/** A watch that lags longer than this is broken: better to act, with preconditions, than never again. */
const longestLagMs = 30_000;

/** Notes what is written and deleted through the client that it gives back. */
export function trackOwnWrites(client: KubeClient, { clock }: { readonly clock: Clock }): OwnWrites {
  const writes = new RecentValues<Write>(clock);
  const deletions = new RecentValues<{ readonly atMs: number }>(clock);
  const note = async <T extends KubeObject>(
    type: ResourceType<T>,
    { dryRun }: WriteOptions,
    writing: Promise<T>,
  ): Promise<T> => {
    const object = await writing;
    const { resourceVersion } = object.metadata;
    if (resourceVersion === undefined || dryRun === true) return object;
    const id = idOf(type, keyOf(object));
    const last = writes.get(id)?.resourceVersion; // of another write, which may have been answered first
    if (!isOlderVersion(resourceVersion, last)) {
      writes.set(id, { resourceVersion, atMs: clock.monotonic() });
    }
    return object;
  };
  return {
    client: interceptClient(client, {
      create: (next) => (type, object, options) => note(type, options, next(type, object, options)),
      replace: (next) => (type, object, options) => note(type, options, next(type, object, options)),
      patch: (next) => (type, key, patch, options) => note(type, options, next(type, key, patch, options)),
      apply: (next) => (type, object, options) => note(type, options, next(type, object, options)),
      delete: (next) => async (type, key, options) => {
        const answer = await next(type, key, options);
        if (options.uid !== undefined) deletions.set(options.uid, { atMs: clock.monotonic() });
        return answer;
      },
    }),
    requeueIfBehind: (type, store, key) => {
      const shown = store.get(key);
      const write = writes.get(idOf(type, key));
      const deletion = deletions.get(shown?.metadata.uid ?? "");
      const missed = [
        ...(write !== undefined && lacks(store, shown, write) ? [write] : []),
        ...(deletion !== undefined && shown?.metadata.deletionTimestamp === undefined ? [deletion] : []),
      ];
      if (missed.length === 0) return undefined;
      const sinceMs = Math.max(...missed.map(({ atMs }) => atMs));
      return requeueAfter(sinceMs + longestLagMs - clock.monotonic());
    },
  };
}

function lacks<T extends KubeObject>(store: Store<T>, shown: T | undefined, write: Write): boolean {
  const isPast = (version: string | undefined): boolean =>
    version !== undefined && !isOlderVersion(version, write.resourceVersion);
  return !isPast(store.resourceVersion) && !isPast(shown?.metadata.resourceVersion);
}

function idOf({ group, plural }: ResourceType, key: ObjectKey): string {
  return `${plural}.${group} ${keyText(key)}`;
}

/** Values that are forgotten when they are as old as the longest lag. */
class RecentValues<V extends { readonly atMs: number }> {
  readonly #clock: Clock;
  /** The oldest first. */
  readonly #values = new Map<string, V>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(id: string): V | undefined {
    this.#dropOld();
    return this.#values.get(id);
  }

  set(id: string, value: V): void {
    this.#dropOld();
    this.#values.delete(id);
    this.#values.set(id, value);
  }

  #dropOld(): void {
    for (const [id, { atMs }] of this.#values) {
      if (this.#clock.monotonic() - atMs < longestLagMs) return;
      this.#values.delete(id);
    }
  }
}
