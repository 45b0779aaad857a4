/**
 * The recent changes of one store, in order, so that a watcher that was away gets what it missed. Each has a position:
 * the newest resourceVersion seen so far, which means the same to every replica. Deletions have no version of their
 * own, and one that is found by listing anew comes late: so whoever comes back is told of all that are remembered.
 */
import { isOlderVersion, type KubeObject, keyOf, type Store } from "@lmos/kube";

/** One change, at its position. */
export interface JournalEntry<T> {
  readonly position: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** The changes of a store from the time of its making on. */
export interface Journal<T> extends Disposable {
  /** The position of the newest change. */
  readonly position: string;
  /**
   * The changes at and after a position, and what was deleted: some of it may have been seen already, and says the
   * same again. Undefined where something is no longer, or not yet, known: then everything has to be read anew.
   */
  since(position: string): readonly JournalEntry<T>[] | undefined;
  subscribe(listener: (entry: JournalEntry<T>) => void): () => void;
}

/** Each holds on to a state that the store no longer has; what is forgotten costs a reader that comes back one whole list. */
const mostEntries = 1_000;

/** A journal; it begins to follow the store at once. */
export function createJournal<T extends KubeObject>(store: Store<T>, most: number = mostEntries): Journal<T> {
  return new StoreJournal(store, most);
}

class StoreJournal<T extends KubeObject> implements Journal<T> {
  readonly #store: Store<T>;
  readonly #most: number;
  readonly #listeners = new Set<(entry: JournalEntry<T>) => void>();
  readonly #entries: JournalEntry<T>[] = [];
  readonly #stop: () => void;
  #position: string;
  /** Where the first list ended: nothing is known of before. Undefined until it has. */
  #beginning: string | undefined;
  /** Nothing is known any more of what was at or before this position. */
  #forgotten: string | undefined;

  constructor(store: Store<T>, most: number) {
    this.#store = store;
    this.#most = most;
    this.#position = newestOf(store.list().map(({ metadata }) => metadata.resourceVersion));
    const ended = new AbortController();
    const stop = store.subscribe(({ before, after }) => this.#follow(before, after));
    this.#stop = () => {
      ended.abort();
      stop();
    };
    if (store.synced) this.#beginning = this.#position;
    else void this.#begin(ended.signal);
  }

  get position(): string {
    return this.#position;
  }

  since(wanted: string): readonly JournalEntry<T>[] | undefined {
    if (!/^\d{1,20}$/.test(wanted) || this.#beginning === undefined) return undefined;
    if (isOlderVersion(wanted, this.#beginning)) return undefined;
    if (this.#forgotten !== undefined && !isOlderVersion(this.#forgotten, wanted)) return undefined;
    return this.#entries.filter((entry) => this.#isGone(entry) || !isOlderVersion(entry.position, wanted));
  }

  subscribe(listener: (entry: JournalEntry<T>) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  /** What is announced while the first list comes in is no change. */
  async #begin(signal: AbortSignal): Promise<void> {
    await this.#store.whenSynced({ signal }).catch(() => undefined);
    this.#beginning = this.#position;
  }

  #isGone({ before, after }: JournalEntry<T>): boolean {
    return before !== undefined && after === undefined && this.#store.get(keyOf(before)) === undefined;
  }

  #follow(before: T | undefined, after: T | undefined): void {
    this.#position = newestOf([this.#position, after?.metadata.resourceVersion]);
    const entry = { position: this.#position, before, after };
    if (this.#beginning !== undefined) this.#keep(entry);
    for (const listener of this.#listeners) listener(entry);
  }

  #keep(entry: JournalEntry<T>): void {
    this.#entries.push(entry);
    const atOnce = Math.ceil(this.#most / 8);
    if (this.#entries.length < this.#most + atOnce) return;
    const forgotten = this.#entries.splice(0, atOnce);
    this.#forgotten = forgotten.at(-1)?.position;
  }
}

function newestOf(versions: readonly (string | undefined)[]): string {
  return versions.reduce<string>((newest, version) => {
    return version !== undefined && isOlderVersion(newest, version) ? version : newest;
  }, "0");
}
