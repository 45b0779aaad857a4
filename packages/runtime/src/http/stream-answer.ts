/** A turn as an event stream over HTTP: the status while there is still one to choose, then the events. */
import type { ServerResponse } from "node:http";
import type { Clock } from "@lmos/primitives";
import type { FastifyReply } from "fastify";
import type { RuntimeLimits } from "../limits.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { sendFailure } from "./error-body.ts";
import { isStalledReader, writeEvents } from "./event-stream.ts";

/** How a stream is sent. */
export interface StreamAnswerOptions {
  readonly reply: FastifyReply;
  readonly clock: Clock;
  readonly limits: RuntimeLimits;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  /** The event that the client has read last; 0 at the beginning. */
  readonly lastEventId: number;
  /** The client takes nothing for too long. */
  readonly onStalled: () => void;
}

const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/** Sends the stream. A turn that fails before it begins is answered with a status like any other request. */
export async function answerAsStream(
  events: AsyncGenerator<TurnEvent, void>,
  options: StreamAnswerOptions,
): Promise<FastifyReply> {
  const { reply, clock, limits, signal, lastEventId, onStalled } = options;
  const first = await events.next();
  if (lastEventId === 0 && first.done !== true && first.value.kind === "error") {
    await events.return();
    return sendFailure(reply, first.value.failure);
  }
  reply.hijack();
  const response = reply.raw;
  copyHeaders(reply, response);
  response.writeHead(200, streamHeaders);
  try {
    await writeEvents(response, startingWith(first, events), { clock, limits, signal, lastEventId });
    response.end();
  } catch (error) {
    if (isStalledReader(error)) onStalled();
    response.destroy();
  }
  return reply;
}

/** Headers set so far, which a hijacked response knows nothing of. */
function copyHeaders(reply: FastifyReply, response: ServerResponse): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
}

async function* startingWith(
  first: IteratorResult<TurnEvent, void>,
  rest: AsyncGenerator<TurnEvent, void>,
): AsyncGenerator<TurnEvent, void> {
  try {
    if (first.done !== true) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}
