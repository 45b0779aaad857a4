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

const intervalMs = 60_000;

/** Compacts about each minute, and at once when there are many changes, until the signal is aborted. */
export async function keepCompacted(
  {
    store,
    clock,
    retention,
  }: { readonly store: ObjectStore; readonly clock: Clock; readonly retention: Retention },
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const marks: { readonly at: number; readonly revision: number }[] = [];
  using _listening = new DisposableStack();
  _listening.defer(
    store.subscribe(({ object }) => {
      const kept = object.revision - store.compacted;
      if (kept > retention.changes * 1.1) store.compact(object.revision - retention.changes);
    }),
  );
  while (!signal.aborted) {
    marks.push({ at: clock.monotonic(), revision: store.revision });
    const old = marks.filter(({ at }) => at <= clock.monotonic() - retention.ageMs);
    const last = old.at(-1);
    if (last !== undefined) store.compact(last.revision);
    marks.splice(0, old.length);
    await clock.sleep(intervalMs, { signal }).catch(() => undefined); // aborted: the loop ends
  }
}
