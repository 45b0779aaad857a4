import { type KubeObject, keyText, type ObjectKey } from "./object.ts";
import type { Store } from "./store.ts";

/** Where a controller's keys come from. */
export interface Source {
  /** Starts to call `enqueue`; returns a function that ends it. */
  start(enqueue: (key: ObjectKey) => void): () => void;
}

/**
 * A source of the keys that `map` names for every object of the store, at the start and on each change; it is called
 * with the object before and with the object after the change, so that what it no longer names is reconciled too.
 */
export function fromStore<T extends KubeObject>(
  store: Store<T>,
  map: (object: T) => readonly ObjectKey[],
): Source {
  return {
    start: (enqueue) => {
      const enqueueFor = (...objects: readonly (T | undefined)[]): void => {
        const keys = objects.flatMap((object) => (object === undefined ? [] : map(object)));
        for (const key of new Map(keys.map((each) => [keyText(each), each])).values()) enqueue(key);
      };
      const stop = store.subscribe(({ before, after }) => enqueueFor(before, after));
      enqueueFor(...store.list());
      return stop;
    },
  };
}
