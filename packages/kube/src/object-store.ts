/**
 * The store that a reflector fills: objects by key, their indexes, and whoever wants to hear of changes. All of it is
 * synchronous: a reader never sees half a list, and listeners are called when reads already give the new state.
 */
import { abortable, type Logger, silentLogger } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import { KubeError } from "./errors.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "./object.ts";
import { Postings } from "./postings.ts";
import type { Change, Indexes, Store } from "./store.ts";

/** A store that its owner may change. */
export interface MutableStore<T extends KubeObject> extends Store<T> {
  /** Makes the store hold exactly these objects, at once; then it is synced. */
  replaceAll(objects: readonly T[]): void;
  /** Adds the object or takes the place of the one before. */
  put(object: T): void;
  /** Takes the object of that key out. */
  remove(key: ObjectKey): void;
  /** Everything up to this version is in the store, or is about to be put there before anybody else can read. */
  reached(resourceVersion: string): void;
}

/** What a store is made of. */
export interface ObjectStoreOptions<T> {
  readonly indexes?: Indexes<T> | undefined;
  /** Hears of listeners and index functions that throw; they don't disturb the others. */
  readonly logger?: Logger | undefined;
}

/** An empty store that is not synced. */
export function createObjectStore<T extends KubeObject>(
  options: ObjectStoreOptions<T> = {},
): MutableStore<T> {
  return new ObjectStore(options);
}

interface Entry<T> {
  readonly object: T;
  /** Under which values it is filed, for each index in order: kept, so that it is found again when it goes. */
  readonly filedUnder: readonly (readonly string[])[];
}

class ObjectStore<T extends KubeObject> implements MutableStore<T> {
  readonly #indexes: Indexes<T>;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry<T>>();
  readonly #filed: ReadonlyMap<string, Postings<T>>;
  readonly #listeners = new Set<(change: Change<T>) => void>();
  readonly #firstSync = Promise.withResolvers<void>();
  #synced = false;
  #resourceVersion: string | undefined;
  #listed: readonly T[] | undefined;

  constructor({ indexes = {}, logger = silentLogger }: ObjectStoreOptions<T>) {
    this.#indexes = indexes;
    this.#logger = logger;
    this.#filed = new Map(Object.keys(indexes).map((index) => [index, new Postings<T>()]));
  }

  get synced(): boolean {
    return this.#synced;
  }

  get resourceVersion(): string | undefined {
    return this.#resourceVersion;
  }

  get(key: ObjectKey): T | undefined {
    return this.#entries.get(keyText(key))?.object;
  }

  list(): readonly T[] {
    this.#listed ??= [...this.#entries.values()].map((entry) => entry.object);
    return this.#listed;
  }

  byIndex(index: string, value: string): readonly T[] {
    const postings = this.#filed.get(index);
    if (postings === undefined)
      throw new KubeError("InvalidConfiguration", `the store has no index "${index}"`);
    return postings.at(value);
  }

  async whenSynced({ signal }: CallOptions): Promise<void> {
    if (!this.#synced) await abortable(this.#firstSync.promise, signal);
  }

  subscribe(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  replaceAll(objects: readonly T[]): void {
    const kept = new Set(objects.map((object) => keyText(keyOf(object))));
    const gone = [...this.#entries.keys()].filter((key) => !kept.has(key));
    const changes = [
      ...gone.flatMap((key) => this.#take(key)),
      ...objects.flatMap((object) => this.#place(object)),
    ];
    this.#synced = true;
    this.#firstSync.resolve();
    this.#announce(changes);
  }

  put(object: T): void {
    this.#announce(this.#place(object));
  }

  remove(key: ObjectKey): void {
    this.#announce(this.#take(keyText(key)));
  }

  reached(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
  }

  #place(object: T): readonly Change<T>[] {
    const key = keyText(keyOf(object));
    const before = this.#entries.get(key)?.object;
    if (before !== undefined && isSameVersion(before, object)) return [];
    const removed = this.#take(key);
    this.#file(key, { object, filedUnder: this.#valuesOf(object) });
    if (before === undefined || isSameObject(before, object)) return [{ before, after: object }];
    return [...removed, { before: undefined, after: object }];
  }

  #take(key: string): readonly Change<T>[] {
    const entry = this.#entries.get(key);
    if (entry === undefined) return [];
    this.#listed = undefined;
    this.#entries.delete(key);
    this.#eachValue(entry, (postings, value) => postings.remove(value, key));
    return [{ before: entry.object, after: undefined }];
  }

  #file(key: string, entry: Entry<T>): void {
    this.#listed = undefined;
    this.#entries.set(key, entry);
    this.#eachValue(entry, (postings, value) => postings.add(value, key, entry.object));
  }

  #eachValue({ filedUnder }: Entry<T>, use: (postings: Postings<T>, value: string) => void): void {
    let at = 0;
    for (const postings of this.#filed.values()) {
      for (const value of filedUnder[at] ?? []) use(postings, value);
      at += 1;
    }
  }

  #valuesOf(object: T): Entry<T>["filedUnder"] {
    return Object.entries(this.#indexes).map(([index, valuesOf]) => {
      try {
        return valuesOf(object);
      } catch (error) {
        this.#logger.error("index function failed", { index, key: keyText(keyOf(object)), error });
        return [];
      }
    });
  }

  #announce(changes: readonly Change<T>[]): void {
    for (const change of changes) {
      for (const listener of this.#listeners) this.#call(listener, change);
    }
  }

  #call(listener: (change: Change<T>) => void, change: Change<T>): void {
    try {
      listener(change);
    } catch (error) {
      this.#logger.error("store listener failed", { error });
    }
  }
}

/** A missing uid or version says nothing: then it counts as a change of the same object. */
function isSameObject(before: KubeObject, after: KubeObject): boolean {
  const [left, right] = [before.metadata.uid, after.metadata.uid];
  return left === undefined || right === undefined || left === right;
}

function isSameVersion(before: KubeObject, after: KubeObject): boolean {
  const { resourceVersion } = before.metadata;
  return (
    resourceVersion !== undefined &&
    resourceVersion === after.metadata.resourceVersion &&
    isSameObject(before, after)
  );
}
