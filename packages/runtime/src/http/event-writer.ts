/** Writes the events of a turn to its client, one after the other. */
import type { EventReader, EventStep, TurnEventSource } from "../turn/event-source.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { drained } from "./drain.ts";
import { type EventSink, formatEvent, type StreamPatience, send } from "./event-stream.ts";
import { Heartbeat } from "./heartbeat.ts";

/** The response to a client. */
export interface EventResponse extends EventSink {
  end(): unknown;
  /** Cuts it. */
  destroy(): unknown;
}

/** Whose stream it is. */
export interface StreamOwner {
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /**
   * Called once, when nothing more is written: without an error where the events have ended, with a DeadlineExceededError
   * where the reader took nothing for too long, else with the signal's reason or what the events failed with.
   */
  onEnded(error?: unknown): void;
}

/** How a stream is written. */
export interface EventWriterOptions {
  /** The same for many streams: each holds it. */
  readonly patience: Omit<StreamPatience, "signal">;
  readonly owner: StreamOwner;
  /** The first event gets the next number. */
  readonly lastEventId: number;
}

/** Events of which the first one, if there is any, was read already. */
export interface BegunEvents {
  readonly first: EventStep;
  readonly rest: TurnEventSource;
}

/** Writes events until they end, and ends the response. A reader that is slow slows them down. */
export function writeEvents(
  response: EventResponse,
  { first, rest }: BegunEvents,
  options: EventWriterOptions,
): void {
  new EventWriter(response, rest, options).take(first);
}

/** No async function, as it stands in every stream that waits: there it would hold its frame and a promise or two. */
class EventWriter implements EventReader {
  readonly #response: EventResponse;
  readonly #events: TurnEventSource;
  readonly #patience: EventWriterOptions["patience"];
  readonly #owner: StreamOwner;
  readonly #heartbeat: Heartbeat;
  #lastEventId: number;

  constructor(
    response: EventResponse,
    events: TurnEventSource,
    { patience, owner, lastEventId }: EventWriterOptions,
  ) {
    this.#response = response;
    this.#events = events;
    this.#patience = patience;
    this.#owner = owner;
    this.#heartbeat = new Heartbeat(response, patience);
    this.#lastEventId = lastEventId;
  }

  /** Writes an event and all that follow. */
  take(step: EventStep): void {
    try {
      if (step.done === true) this.#end();
      else if (this.#write(step.value)) this.#events.read(this);
      else this.#goOnDrained();
    } catch (error) {
      this.fail(error);
    }
  }

  /** The events are left first, so that their turn ends. */
  fail(error: unknown): void {
    this.#heartbeat.stop();
    const cut = (): void => this.#cut(error);
    this.#events.return().then(cut, cut);
  }

  #goOnDrained(): void {
    this.#drained().then(
      () => this.#readOn(),
      (error: unknown) => this.fail(error),
    );
  }

  #readOn(): void {
    try {
      this.#events.read(this);
    } catch (error) {
      this.fail(error);
    }
  }

  #write(event: TurnEvent): boolean {
    this.#lastEventId += 1;
    return send(this.#response, formatEvent(this.#lastEventId, event));
  }

  #drained(): Promise<void> {
    return drained(this.#response, { ...this.#patience, signal: this.#owner.signal });
  }

  #end(): void {
    this.#heartbeat.stop();
    this.#response.end();
    this.#owner.onEnded();
  }

  #cut(error: unknown): void {
    this.#response.destroy();
    this.#owner.onEnded(error);
  }
}
