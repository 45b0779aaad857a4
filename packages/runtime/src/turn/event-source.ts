/** A turn's events, read in a loop, or told one by one to a reader. */
import type { ReplyReader } from "../agents/agent-connection.ts";
import type { TurnEvent } from "./turn.ts";

/** The next event, or that there is none. */
export type EventStep = IteratorResult<TurnEvent, void>;

/** Who is told events; `take` must not throw. */
export type EventReader = ReplyReader<EventStep>;

/** There are no more events. */
export const noMoreEvents: EventStep = { done: true, value: undefined };

/**
 * Events that a loop can read like those of any iterator. A reader who is told them holds less while it waits: no promises,
 * and what a promise that has waited for long is settled with would stay until all garbage is collected.
 */
export abstract class TurnEventSource implements AsyncIterableIterator<TurnEvent, void> {
  /** Tells the reader the next event, which may be at once; not before the one that was asked for was told. */
  abstract read(reader: EventReader): void;

  /** Nothing is told from then on. */
  abstract return(): Promise<EventStep>;

  next(): Promise<EventStep> {
    return new Promise((resolve, reject) => {
      this.read({ take: resolve, fail: reject });
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The events of any iterator. */
export function sourceOf(events: AsyncIterator<TurnEvent, void>): TurnEventSource {
  return events instanceof TurnEventSource ? events : new IteratorEvents(events);
}

class IteratorEvents extends TurnEventSource {
  readonly #events: AsyncIterator<TurnEvent, void>;

  constructor(events: AsyncIterator<TurnEvent, void>) {
    super();
    this.#events = events;
  }

  read(reader: EventReader): void {
    tell(this.#events.next(), reader);
  }

  return(): Promise<EventStep> {
    return this.#events.return?.() ?? Promise.resolve(noMoreEvents);
  }
}

/** Tells a step when it is there. */
export function tell(step: Promise<EventStep>, reader: EventReader): void {
  step.then(
    (value) => reader.take(value),
    (error: unknown) => reader.fail(error),
  );
}
