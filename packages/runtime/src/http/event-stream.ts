/** A turn as server-sent events: numbered, typed, each one line of JSON, so that no text can forge an event. */
import type { EventEmitter } from "node:events";
import type { RuntimeLimits } from "../limits.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { type DrainPatience, drained } from "./drain.ts";
import { Heartbeat } from "./heartbeat.ts";

/** The text of one event. */
export function formatEvent(id: number, event: TurnEvent): string {
  return `id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(dataOf(event))}\n\n`;
}

/** The part of a response that a stream is written to. */
export interface EventSink extends EventEmitter {
  /** False when the client has more to read than it should. */
  write(text: string | Buffer): boolean;
  readonly writableNeedDrain: boolean;
  /** Bytes that the system has not taken yet. */
  readonly writableLength: number;
}

/** How long is waited for whom. */
export interface StreamPatience extends DrainPatience {
  readonly limits: Pick<RuntimeLimits, "keepAliveMs" | "stalledReaderMs">;
}

/**
 * Writes texts that are events already, until they end. A reader that is slow slows them down.
 *
 * @throws DeadlineExceededError when the reader takes nothing for too long, or the signal's reason.
 */
export async function writeTexts(
  response: EventSink,
  texts: AsyncIterable<string>,
  options: StreamPatience,
): Promise<void> {
  const heartbeat = new Heartbeat(response, options);
  try {
    for await (const text of texts) if (!send(response, text)) await drained(response, options);
  } finally {
    heartbeat.stop();
  }
}

/** A text that has to wait is held twice, here and in Node's own copy; bytes are held once. Short ones are faster as texts. */
const longText = 4096;

/** Writes an event; false when the client has more to read than it should, and has not taken all of it at once. */
export function send(response: EventSink, text: string): boolean {
  return response.write(text.length < longText ? text : bytesOf(text)) || response.writableLength === 0;
}

function bytesOf(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}

function dataOf(event: TurnEvent): unknown {
  switch (event.kind) {
    case "error":
      return event.failure;
    case "routing":
    case "turn-start":
    case "text-delta":
    case "note":
    case "notes-dropped":
    case "hand-over":
    case "part":
    case "message":
    case "turn-end": {
      const { kind: _, ...data } = event;
      return data;
    }
    default:
      return event satisfies never;
  }
}
