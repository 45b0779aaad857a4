/** Forgets old changes, by age and by number: a watch or a page that asks for them gets `Expired`. */
import type { Clock } from "@lmos/primitives";
import type { ObjectStore } from "../storage/object-store.ts";

/** How much of the past is kept. */
export interface Retention {
  /** At most about this many changes. */
  readonly changes: number;
  /** At least this long, unless there are too many. */
  readonly ageMs: number;
}

/** Two hours, or thirty thousand changes. */
export const defaultRetention: Retention = { changes: 30_000, ageMs: 7_200_000 };

/** Compacts whenever there are a tenth too many changes; call `compactByAge` now and then for the rest. */
export class Compactor implements Disposable {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #retention: Retention;
  readonly #unsubscribe: () => void;
  /** Which revision was reached when, oldest first. */
  #marks: readonly { readonly at: number; readonly revision: number }[] = [];

  constructor(options: {
    readonly store: ObjectStore;
    readonly clock: Clock;
    readonly retention: Retention;
  }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#retention = options.retention;
    this.#unsubscribe = options.store.subscribe(({ object }) => this.#compactByNumber(object.revision));
  }

  /** Forgets what is older than the time that is kept, as far as it was noted by earlier calls. */
  compactByAge(): void {
    const now = this.#clock.monotonic();
    const marks = [...this.#marks, { at: now, revision: this.#store.revision }];
    const old = marks.filter(({ at }) => at <= now - this.#retention.ageMs).at(-1);
    if (old !== undefined) this.#store.compact(old.revision);
    this.#marks = marks.filter(({ at }) => at > now - this.#retention.ageMs);
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #compactByNumber(revision: number): void {
    const { changes } = this.#retention;
    if (revision - this.#store.compacted > changes * 1.1) this.#store.compact(revision - changes);
  }
}
