/**
 * A watch as server-sent events: what there is (`added`, then `synced`), then each change (`added`, `modified`,
 * `deleted`), with a document as the data and a position as the id. A reader that comes back with the last id gets what
 * it missed; where that is no longer known, `reset` comes first and everything is sent anew.
 */
import type { ServerResponse } from "node:http";
import { type KubeObject, keyOf, keyText } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";
import type { Journal, JournalEntry } from "./journal.ts";

/** What a reader watches. */
export interface Watched<T extends KubeObject> {
  readonly journal: Journal<T>;
  /** What there is of it now. */
  list(): readonly T[];
  matches(object: T): boolean;
  document(object: T): unknown;
  /** True for a reader of one thing: of several that match, the one of the list answers for all. */
  readonly isOne?: boolean | undefined;
}

/** How a stream is kept. */
export interface StreamOptions {
  /** Where the reader says it was; undefined for one that is new. */
  readonly lastPosition: string | undefined;
  readonly clock: Clock;
  /** Ends the stream: the process stops. */
  readonly signal: AbortSignal;
}

const heartbeatMs = 15_000;
/** A reader that lets more than that wait is cut off; it may come back with its last id. */
const mostWaitingBytes = 1024 * 1024;

const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/** Sends the events until the reader goes or the signal is aborted; resolves when it is over. */
export async function streamChanges<T extends KubeObject>(
  response: ServerResponse,
  watched: Watched<T>,
  options: StreamOptions,
): Promise<void> {
  const { clock, signal } = options;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const over = AbortSignal.any([signal, gone.signal]);
  const send = (text: string): void => {
    if (over.aborted) return;
    response.write(text);
    if (response.writableLength > mostWaitingBytes) response.destroy();
  };
  response.writeHead(200, headers);
  sendMissed(watched, options, send);
  const stop = watched.journal.subscribe((entry) => send(eventOf(entry, watched)));
  try {
    while (!over.aborted) {
      await clock.sleep(heartbeatMs, { signal: over }).catch(() => undefined);
      send(": still here\n\n");
    }
  } finally {
    stop();
    response.end();
  }
}

/** What the reader has not seen; all in one go, so that no change comes in between. */
function sendMissed<T extends KubeObject>(
  watched: Watched<T>,
  { lastPosition }: StreamOptions,
  send: (text: string) => void,
): void {
  const { journal } = watched;
  const missed = lastPosition === undefined ? undefined : journal.since(lastPosition);
  send("retry: 1000\n\n");
  if (missed !== undefined) {
    for (const entry of missed) send(eventOf(entry, watched));
  } else {
    if (lastPosition !== undefined) send(format("reset", journal.position, {}));
    for (const object of watched.list()) send(format("added", undefined, watched.document(object)));
  }
  send(format("synced", journal.position, {}));
}

/** An object that comes to match is added, one that no longer does is deleted; nothing for others. */
function eventOf<T extends KubeObject>(
  { position, before, after }: JournalEntry<T>,
  watched: Watched<T>,
): string {
  const { matches, document, isOne } = watched;
  const was = before !== undefined && matches(before) ? before : undefined;
  const is = after !== undefined && matches(after) ? after : undefined;
  const answering = isOne === true ? watched.list()[0] : undefined;
  if (is !== undefined) {
    if (answering !== undefined && keyText(keyOf(answering)) !== keyText(keyOf(is))) return "";
    return format(was === undefined ? "added" : "modified", position, document(is));
  }
  if (was === undefined) return "";
  // Another one answers from now on, or did so before: to say it again does no harm.
  if (answering !== undefined) return format("modified", position, document(answering));
  return format("deleted", position, document(was));
}

type EventName = "added" | "modified" | "deleted" | "synced" | "reset";

function format(name: EventName, id: string | undefined, data: unknown): string {
  const idLine = id === undefined ? "" : `id: ${id}\n`;
  return `event: ${name}\n${idLine}data: ${JSON.stringify(data)}\n\n`;
}
