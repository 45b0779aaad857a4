import type { CallOptions } from "./client.ts";
import type { ObjectKey } from "./object.ts";

/** What happened to one object: `before` is undefined for an addition, `after` for a deletion. */
export interface Change<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** A read-only, always consistent view of the objects of one type. Reads are synchronous and in no special order. */
export interface Store<T> {
  get(key: ObjectKey): T | undefined;
  list(): readonly T[];
  /** The objects for which the index of that name yields `value`; throws when there is no such index. */
  byIndex(index: string, value: string): readonly T[];
  /** True once the first list has arrived. */
  readonly synced: boolean;
  /** How far the store has come: the version of the last list, event or bookmark. Undefined before the first list. */
  readonly resourceVersion: string | undefined;
  /** Resolves when {@link Store.synced} is true. */
  whenSynced(options: CallOptions): Promise<void>;
  /** Calls `listener` after each change; returns a function that ends this. */
  subscribe(listener: (change: Change<T>) => void): () => void;
}

/** Named functions that say under which values an object is found. */
export type Indexes<T> = Readonly<Record<string, (object: T) => readonly string[]>>;
