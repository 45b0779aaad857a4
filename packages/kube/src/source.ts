import type { Lane } from "./lanes.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "./object.ts";
import type { Change, Store } from "./store.ts";

/** What a source knows about why a key is due. */
export interface EnqueueHint {
  /** How urgent it is; `dependant` unless given. */
  readonly lane?: Lane | undefined;
  /** The object of that key itself was deleted: what is remembered about it can be forgotten. */
  readonly gone?: boolean | undefined;
}

/** Where a controller's keys come from. */
export interface Source {
  /** Starts to call `enqueue`; returns a function that ends it. */
  start(enqueue: (key: ObjectKey, hint?: EnqueueHint) => void): () => void;
  /** All keys that it would name for what is there now: they are reconciled again from time to time. */
  readonly keys?: (() => readonly ObjectKey[]) | undefined;
}

/**
 * A source of the keys that `map` names for every object of the store, at the start and on each change; it is called
 * with the object before and with the object after the change, so that what it no longer names is reconciled too.
 * Where the key is the changed object's own, that is an edit: it comes before keys that merely depend on the object.
 * A change between two versions that `isSame` takes for the same names nobody.
 */
export function fromStore<T extends KubeObject>(
  store: Store<T>,
  map: (object: T) => readonly ObjectKey[],
  isSame: (before: T, after: T) => boolean = () => false,
): Source {
  const keysOf = (objects: readonly T[]): readonly ObjectKey[] => {
    const keys = objects.flatMap(map);
    return [...new Map(keys.map((each) => [keyText(each), each])).values()];
  };
  return {
    keys: () => keysOf(store.list()),
    start: (enqueue) => {
      const stop = store.subscribe((change) => {
        const { before, after } = change;
        if (before !== undefined && after !== undefined && isSame(before, after)) return;
        const objects = [before, after].filter((object) => object !== undefined);
        for (const key of keysOf(objects)) enqueue(key, hintFor(key, change));
      });
      for (const key of keysOf(store.list())) enqueue(key, { lane: "resync" });
      return stop;
    },
  };
}

function hintFor(key: ObjectKey, change: Change<KubeObject>): EnqueueHint {
  const changed = change.after ?? change.before;
  if (changed === undefined || keyText(keyOf(changed)) !== keyText(key)) return { lane: "dependant" };
  return { lane: isEdit(change) ? "edit" : "dependant", gone: change.after === undefined };
}

/** Statuses are written by controllers: they leave the generation as it is. Kinds without one tell no difference. */
function isEdit({ before, after }: Change<KubeObject>): boolean {
  if (before === undefined || after === undefined || after.metadata.generation === undefined) return true;
  return (
    before.metadata.generation !== after.metadata.generation ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp
  );
}
