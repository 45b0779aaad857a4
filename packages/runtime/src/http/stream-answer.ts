/** A turn as an event stream over HTTP: the status while there is still one to choose, then the events. */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeader, ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import type { EventStep, TurnEventSource } from "../turn/event-source.ts";
import { sendFailure } from "./error-body.ts";
import { type EventWriterOptions, writeEvents } from "./event-writer.ts";

/** How a stream is sent. */
export interface StreamAnswerOptions extends EventWriterOptions {
  readonly reply: FastifyReply;
}

const streamHeaders = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/**
 * Begins to send the stream; what is left of it is sent after this has resolved, so that nothing of the request is held as
 * long as the stream. A turn that fails before it begins is answered with a status like any other request.
 */
export async function answerAsStream(
  events: TurnEventSource,
  { reply, ...options }: StreamAnswerOptions,
): Promise<FastifyReply> {
  const first = await firstOf(events, options);
  if (options.lastEventId === 0 && first.done !== true && first.value.kind === "error") {
    await events.return();
    options.owner.onEnded();
    return sendFailure(reply, first.value.failure);
  }
  writeEvents(beginStream(reply), { first, rest: events }, options);
  return reply;
}

/**
 * Sends the headers of a stream; what comes then is the caller's. Node keeps the text of the headers as long as the stream,
 * and only what is sent on its own becomes one piece: else it stays some thirty. What is written at once leaves with them.
 */
export function beginStream(reply: FastifyReply): ServerResponse {
  reply.hijack();
  forgetHeaders(reply.request.raw);
  const response = reply.raw.writeHead(200, headersOf(reply));
  const { socket } = response;
  socket?.cork();
  process.nextTick(() => socket?.uncork());
  response.flushHeaders();
  return response;
}

const noHeaders: string[] = [];
const noHeaderFields: IncomingHttpHeaders = Object.freeze({});

/** Node keeps a request as long as its answer, and with it all that the client has said in headers, a token among it. */
function forgetHeaders(request: IncomingMessage): void {
  request.headers = noHeaderFields;
  request.rawHeaders = noHeaders;
}

async function firstOf(events: TurnEventSource, { owner }: EventWriterOptions): Promise<EventStep> {
  try {
    return await events.next();
  } catch (error) {
    owner.onEnded(error);
    throw error;
  }
}

/** Headers set so far, which a hijacked response knows nothing of, and those of a stream. */
function headersOf(reply: FastifyReply): OutgoingHttpHeader[] {
  const headers: Readonly<Record<string, OutgoingHttpHeader | undefined>> = reply.getHeaders();
  return Object.entries({ ...headers, ...streamHeaders }).flatMap(([name, value]) =>
    value === undefined ? [] : [name, value],
  );
}
