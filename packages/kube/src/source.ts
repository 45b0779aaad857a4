import type { KubeObject, ObjectKey } from "./object.ts";
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
      const enqueueAll = (object: T | undefined): void => {
        if (object !== undefined) for (const key of map(object)) enqueue(key);
      };
      const stop = store.subscribe(({ before, after }) => {
        enqueueAll(before);
        enqueueAll(after);
      });
      for (const object of store.list()) enqueueAll(object);
      return stop;
    },
  };
}
