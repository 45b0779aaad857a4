/**
 * The recent changes of each resource that is watched, in memory, in front of the store's history: any number of
 * watchers share one copy of a change, parsed once if at all, and only one that lags far behind reads from the database. What nobody
 * watches is not kept: a watch that begins later reads its first changes from the database.
 */
import type { ObjectStore } from "../storage/object-store.ts";
import { type Change, type StoredObject, storedObject } from "../storage/stored-object.ts";

interface Window {
  /** Every change of the resource after this revision is in `changes`. */
  from: number;
  changes: Change[];
  characters: number;
  readonly listeners: Set<() => void>;
}

const maxChanges = 1000;
const maxCharacters = 2_000_000;

/** Read side of the stream of changes. */
export class ChangeLog implements Disposable {
  readonly #store: ObjectStore;
  readonly #start: number;
  readonly #windows = new Map<string, Window>();
  readonly #unsubscribe: () => void;

  constructor(store: ObjectStore) {
    this.#store = store;
    this.#start = store.revision;
    this.#unsubscribe = store.subscribe((change) => this.#append(change));
  }

  /** The next changes of a resource after a revision, in order. Throws `Expired` if some are forgotten. */
  after(resource: string, revision: number, limit: number): readonly Change[] {
    const window = this.#windowOf(resource);
    this.#store.requireRetained(revision);
    if (revision < window.from) return this.#store.changes(resource, revision, limit);
    // From the end: most watchers have seen all but the last few.
    const first = window.changes.findLastIndex((change) => change.object.revision <= revision) + 1;
    return window.changes.slice(first, first + limit);
  }

  /** Calls back at each change of the resource until the returned function is called. */
  subscribe(resource: string, listener: () => void): () => void {
    const { listeners } = this.#windowOf(resource);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #append(change: Change): void {
    const window = this.#windowOf(change.object.resource);
    if (window.listeners.size === 0) {
      forget(window, change.object.revision);
      return;
    }
    window.changes.push(withoutValues(change));
    window.characters += change.object.text.length;
    trim(window);
    for (const listener of window.listeners) listener();
  }

  #windowOf(resource: string): Window {
    const known = this.#windows.get(resource);
    if (known !== undefined) return known;
    const window: Window = { from: this.#start, changes: [], characters: 0, listeners: new Set() };
    this.#windows.set(resource, window);
    return window;
  }
}

/**
 * The change with its texts alone. Most watches send just those; what was parsed for the write is several times as large
 * and would live as long as the change does.
 */
function withoutValues({ type, object, previous }: Change): Change {
  return { type, object: withoutValue(object), previous: previous && withoutValue(previous) };
}

function withoutValue({ resource, namespace, name, revision, text, labels }: StoredObject): StoredObject {
  return storedObject({ resource, namespace, name, revision, text, labels });
}

/** Drops every change up to a revision that is the last one. */
function forget(window: Window, revision: number): void {
  window.from = revision;
  window.changes = [];
  window.characters = 0;
}

/** Drops the older half when there is too much, so that the cost of dropping is spread over many changes. */
function trim(window: Window): void {
  if (window.changes.length <= maxChanges && window.characters <= maxCharacters) return;
  const dropped = window.changes.splice(0, Math.ceil(window.changes.length / 2));
  window.from = dropped.at(-1)?.object.revision ?? window.from;
  window.characters = window.changes.reduce((sum, change) => sum + change.object.text.length, 0);
}
