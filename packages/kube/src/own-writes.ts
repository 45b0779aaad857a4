/**
 * Keeps a controller from acting on data older than its own last write. After a write the cache lags behind for a
 * moment; a reconcile that runs in this moment would decide on what was, create twice or undo its own work. The client
 * given back notes the version of each answer; a store that has not reached it is behind.
 */
import type { Clock } from "@lmos/primitives";
import type { KubeClient, WriteOptions } from "./client.ts";
import { interceptClient } from "./intercept.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import { isOlderVersion } from "./resource-version.ts";
import type { Store } from "./store.ts";

/** Which writes a process has made that its stores may not show yet. */
export interface OwnWrites {
  /** Use it for all writes. */
  readonly client: KubeClient;
  /**
   * Whether this store of that type lacks our last write of the object; a reconcile then returns `requeueOnChange`: the
   * change that ends this brings the key back, provided that the controller has a source for the store.
   */
  isBehind<T extends KubeObject>(type: ResourceType<T>, store: Store<T>, key: ObjectKey): boolean;
}

interface Write {
  readonly resourceVersion: string;
  readonly atMs: number;
}

/** A watch that lags longer than this is broken, or the object was deleted meanwhile and nobody will ever show it. */
const longestLagMs = 30_000;
const sweepAbove = 1_000;

/** Notes what is written through the client that it gives back. */
export function trackOwnWrites(client: KubeClient, { clock }: { readonly clock: Clock }): OwnWrites {
  const writes = new Map<string, Write>();
  const note = async <T extends KubeObject>(
    type: ResourceType<T>,
    { dryRun }: WriteOptions,
    writing: Promise<T>,
  ): Promise<T> => {
    const object = await writing;
    const { resourceVersion } = object.metadata;
    if (resourceVersion === undefined || dryRun === true) return object;
    if (writes.size > sweepAbove) dropOld(writes, clock);
    writes.set(idOf(type, keyOf(object)), { resourceVersion, atMs: clock.monotonic() });
    return object;
  };
  return {
    client: interceptClient(client, {
      create: (next) => (type, object, options) => note(type, options, next(type, object, options)),
      replace: (next) => (type, object, options) => note(type, options, next(type, object, options)),
      patch: (next) => (type, key, patch, options) => note(type, options, next(type, key, patch, options)),
      apply: (next) => (type, object, options) => note(type, options, next(type, object, options)),
    }),
    isBehind: (type, store, key) => {
      const id = idOf(type, key);
      const write = writes.get(id);
      if (write === undefined) return false;
      const behind = clock.monotonic() - write.atMs < longestLagMs && lacks(store.get(key), write);
      if (!behind) writes.delete(id);
      return behind;
    },
  };
}

function lacks(shown: KubeObject | undefined, write: Write): boolean {
  return shown === undefined || isOlderVersion(shown.metadata.resourceVersion, write.resourceVersion);
}

function dropOld(writes: Map<string, Write>, clock: Clock): void {
  for (const [id, { atMs }] of writes) {
    if (clock.monotonic() - atMs >= longestLagMs) writes.delete(id);
  }
}

function idOf({ group, plural }: ResourceType, key: ObjectKey): string {
  return `${plural}.${group} ${keyText(key)}`;
}
