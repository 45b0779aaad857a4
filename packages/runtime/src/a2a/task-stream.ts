/** A turn's events as the events of an A2A task. */
import { failureContextKey, routingContextKey } from "@lmos/protocol";
import { explanationOf } from "../http/json-answer.ts";
import type { TurnFailure } from "../turn/failure.ts";
import type { RoutingEvent, TurnEvent } from "../turn/turn.ts";
import type { A2aWriter, StatusDetails, TaskRef } from "./response.ts";

/** How a stream is told. */
export interface TaskStreamOptions {
  readonly writer: A2aWriter;
  /** Whether the metadata of a status say who answers, and why. */
  readonly explains: boolean;
}

/** Events that begin with the task and end with its last status. */
export async function* taskEvents(
  events: AsyncIterable<TurnEvent>,
  ref: TaskRef,
  { writer, explains }: TaskStreamOptions,
): AsyncGenerator<unknown, void> {
  let began = false;
  for await (const event of events) {
    switch (event.kind) {
      case "turn-start":
        yield writer.taskEvent(ref);
        break;
      case "note":
        yield writer.statusEvent(ref, "working", { text: event.text });
        break;
      case "text-delta":
        yield writer.artifactEvent(ref, { text: event.text, append: began, lastChunk: false });
        began = true;
        break;
      case "message":
        // Pieces are replaced by the whole, which may differ from their sum.
        yield writer.artifactEvent(ref, { text: event.content, append: false, lastChunk: true });
        break;
      case "turn-end":
        yield writer.statusEvent(ref, "completed");
        break;
      case "error":
        yield writer.statusEvent(ref, "failed", failureDetails(event.failure));
        break;
      case "routing":
        if (explains) yield writer.statusEvent(ref, "working", { metadata: explanation(event) });
        break;
      case "notes-dropped":
      case "hand-over":
      case "part":
        break;
      default:
        event satisfies never;
    }
  }
}

/** The same as in the event `error` of a stream: what a client has to know to come back in time. */
function failureDetails({ message, ...details }: TurnFailure): StatusDetails {
  return { text: message, metadata: { [failureContextKey]: details } };
}

function explanation(event: RoutingEvent): NonNullable<StatusDetails["metadata"]> {
  return { [routingContextKey]: explanationOf(event) };
}
