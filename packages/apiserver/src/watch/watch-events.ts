/**
 * The sequence of events of one watch. It pulls: each step reads what follows its position from the change log, so a
 * slow client holds no queue, and one that falls behind what is kept is told so (`Expired`) instead of missing events.
 *
 *   initial objects (ADDED, from one state) → [initial-events-end bookmark] → changes ⇄ waiting (bookmarks) → end
 */

import { withMetadata } from "@lmos/kubernetes-syntax";
import type { Clock, JsonObject } from "@lmos/primitives";
import type { Catalogue } from "../registry/catalogue.ts";
import { type Selection, selects } from "../registry/selection.ts";
import { storageResource } from "../registry/view.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { type Change, type StoredObject, storedObject } from "../storage/stored-object.ts";
import { createBell } from "./bell.ts";
import type { ChangeLog } from "./change-log.ts";

/** One event as the client gets to see it. */
export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: StoredObject }
  | { readonly type: "BOOKMARK"; readonly revision: number; readonly initialEventsEnd: boolean };

/** What a watch begins with and how long it goes on. */
export interface WatchRequest {
  readonly selection: Selection;
  /** Undefined: begin with every object as it is now. */
  readonly after: number | undefined;
  /** Mark the end of the initial objects with a bookmark. */
  readonly announceInitialEnd: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
}

/** Where watches read from. */
export interface WatchSource {
  readonly store: ObjectStore;
  readonly log: ChangeLog;
  /** What is served: a watch of a kind that is gone ends, after its last event. */
  readonly catalogue: Catalogue;
  readonly clock: Clock;
}

const bookmarkIntervalMs = 60_000;
const chunk = 500;

/**
 * The events of a watch until its time is over, its kind is gone or the signal is aborted; all end it without an error.
 * Throws `Expired` when changes that should follow are no longer kept.
 */
export async function* watchEvents(
  source: WatchSource,
  request: WatchRequest,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<WatchEvent> {
  const { selection } = request;
  const endsAt = source.clock.monotonic() + request.timeoutMs;
  const start = request.after ?? source.store.revision;
  if (request.after === undefined) yield* initialEvents(source, selection, start);
  if (request.announceInitialEnd) yield bookmark(start, true);
  yield* followingEvents(source, { ...request, after: start, endsAt }, { signal });
}

async function* followingEvents(
  source: WatchSource,
  request: WatchRequest & { readonly after: number; readonly endsAt: number },
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<WatchEvent> {
  const resource = storageResource(request.selection.definition);
  const bell = createBell();
  using owned = new DisposableStack();
  owned.defer(source.log.subscribe(resource, bell.ring));
  owned.defer(source.catalogue.subscribe(bell.ring));
  const alarm = owned.adopt(createAlarm(source.clock, bell.ring, signal), (each) => each.stop());
  alarm.set(Math.min(bookmarkIntervalMs, request.endsAt - source.clock.monotonic()));
  let position = request.after;
  while (!signal.aborted) {
    const upTo = source.store.revision;
    const changes = source.log.after(resource, position, chunk);
    yield* changes.flatMap((change) => eventOf(request.selection, change));
    position = changes.at(-1)?.object.revision ?? Math.max(position, upTo);
    if (changes.length > 0) continue;
    if (!source.catalogue.serves(request.selection.definition)) return;
    if (alarm.rang()) {
      if (request.bookmarks) yield bookmark(position, false);
      const leftMs = request.endsAt - source.clock.monotonic();
      if (leftMs <= 0) return;
      alarm.set(Math.min(bookmarkIntervalMs, leftMs));
    }
    await bell.next();
  }
}

interface Alarm {
  readonly set: (ms: number) => void;
  readonly rang: () => boolean;
  readonly stop: () => void;
}

/** Rings the bell when its time has come, and when the signal is aborted. */
function createAlarm(clock: Clock, ring: () => void, signal: AbortSignal): Alarm {
  const stop = new AbortController();
  const either = AbortSignal.any([stop.signal, signal]);
  let due = false;
  const set = (ms: number): void => {
    due = false;
    const rung = clock.sleep(ms, { signal: either }).then(() => {
      due = true;
    });
    rung.then(ring, ring);
  };
  return { set, rang: () => due, stop: () => stop.abort() };
}

function bookmark(revision: number, initialEventsEnd: boolean): WatchEvent {
  return { type: "BOOKMARK", revision, initialEventsEnd };
}

function* initialEvents({ store }: WatchSource, selection: Selection, at: number): Generator<WatchEvent> {
  const resource = storageResource(selection.definition);
  let after = { namespace: "", name: "" };
  for (;;) {
    const page = store.page({ resource, namespace: selection.namespace, at, after, limit: chunk });
    for (const object of page) if (selects(selection, object)) yield { type: "ADDED", object };
    const last = page.at(-1);
    if (last === undefined || page.length < chunk) return;
    after = { namespace: last.namespace, name: last.name };
  }
}

/** What a change is to someone who sees only the selected objects. */
function eventOf(selection: Selection, { type, object, previous }: Change): readonly WatchEvent[] {
  const before = previous !== undefined && selects(selection, previous);
  const after = type !== "deleted" && selects(selection, object);
  if (after) return [{ type: before ? "MODIFIED" : "ADDED", object }];
  if (!before) return [];
  return [{ type: "DELETED", object: type === "deleted" ? object : atRevision(previous, object.revision) }];
}

/** The last selected state under the revision of the change that took it out of the selection. */
function atRevision(object: StoredObject, revision: number): StoredObject {
  const value: JsonObject = withMetadata(object.value(), { resourceVersion: String(revision) });
  return storedObject({ ...object, revision, text: JSON.stringify(value) }, value);
}
