/** Writes the events of a turn to its client, one after the other. */
import type { TurnEvent } from "../turn/turn.ts";
import { drained, type EventSink, formatEvent, type StreamPatience, send } from "./event-stream.ts";
import { Heartbeat } from "./heartbeat.ts";

/** How a stream is written. */
export interface EventWriterOptions extends StreamPatience {
  /** The first event gets the next number. */
  readonly lastEventId: number;
  /**
   * Called once, when nothing more is written: without an error where the events have ended, with a DeadlineExceededError
   * where the reader took nothing for too long, else with the signal's reason or what the events failed with.
   */
  readonly onEnded: (error?: unknown) => void;
}

/** Events of which the first one, if there is any, was read already. */
export interface BegunEvents {
  readonly first: IteratorResult<TurnEvent, void>;
  readonly rest: AsyncIterator<TurnEvent, void>;
}

/** Writes events until they end. A reader that is slow slows them down. */
export function writeEvents(
  response: EventSink,
  { first, rest }: BegunEvents,
  options: EventWriterOptions,
): void {
  new EventWriter(response, rest, options).take(first);
}

/** No async function, as it stands in every stream that waits: there it would hold its frame and a promise or two. */
class EventWriter {
  readonly #response: EventSink;
  readonly #events: AsyncIterator<TurnEvent, void>;
  readonly #options: EventWriterOptions;
  readonly #heartbeat: Heartbeat;
  #lastEventId: number;

  constructor(response: EventSink, events: AsyncIterator<TurnEvent, void>, options: EventWriterOptions) {
    this.#response = response;
    this.#events = events;
    this.#options = options;
    this.#heartbeat = new Heartbeat(response, options);
    this.#lastEventId = options.lastEventId;
  }

  /** Writes an event and all that follow. */
  readonly take = (step: IteratorResult<TurnEvent, void>): void => {
    try {
      if (step.done === true) this.#end();
      else if (this.#write(step.value)) this.#next();
      else drained(this.#response, this.#options).then(() => this.#next(), this.#fail);
    } catch (error) {
      this.#fail(error);
    }
  };

  #next(): void {
    this.#events.next().then(this.take, this.#fail);
  }

  #write(event: TurnEvent): boolean {
    this.#lastEventId += 1;
    return send(this.#response, formatEvent(this.#lastEventId, event));
  }

  #end(): void {
    this.#heartbeat.stop();
    this.#options.onEnded();
  }

  /** The events are left first, so that their turn ends. */
  readonly #fail = (error: unknown): void => {
    this.#heartbeat.stop();
    const left = this.#events.return?.() ?? Promise.resolve();
    left.then(
      () => this.#options.onEnded(error),
      () => this.#options.onEnded(error),
    );
  };
}
