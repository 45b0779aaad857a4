/** A turn's events as the events of an A2A task. */
import type { TurnEvent } from "../turn/turn.ts";
import type { A2aWriter, TaskRef } from "./response.ts";

/** Events that begin with the task and end with its last status. */
export async function* taskEvents(
  events: AsyncIterable<TurnEvent>,
  ref: TaskRef,
  writer: A2aWriter,
): AsyncGenerator<unknown, void> {
  let began = false;
  for await (const event of events) {
    switch (event.kind) {
      case "turn-start":
        yield writer.taskEvent(ref);
        break;
      case "note":
        yield writer.statusEvent(ref, "working", event.text);
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
        yield writer.statusEvent(ref, "failed", event.failure.message);
        break;
      case "routing":
      case "hand-over":
      case "part":
        break;
      default:
        event satisfies never;
    }
  }
}
