/**
 * The rest of a body that is refused while its client still sends it. Who is cut off then sees a broken connection in place
 * of the answer: many clients read nothing before all is sent, and others lose what had come already.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Bytes of a refused body that are taken and dropped; who sends more is cut off. The request's own time-out holds, too. */
export const maxDroppedBytes = 16 * 1024 * 1024;

/** An answer that is about to be sent, as Fastify has it. */
export interface Refusal {
  readonly raw: ServerResponse;
  removeHeader(name: string): unknown;
}

/**
 * Lets a client send to its end what is refused. The connection stays usable, or is closed after that where the client wants
 * it closed. Does nothing for a body that is there already, or that is announced to be longer than {@link maxDroppedBytes}.
 */
export function dropRestOfBody(request: IncomingMessage, refusal: Refusal): void {
  if (request.complete || announcedBytes(request) > maxDroppedBytes) return;
  refusal.removeHeader("connection");
  if (!refusal.raw.shouldKeepAlive) closeAfter(request, refusal.raw);
  let dropped = 0;
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > maxDroppedBytes) request.destroy();
  });
}

/** Node would close as soon as the answer is sent. */
function closeAfter(request: IncomingMessage, answer: ServerResponse): void {
  answer.shouldKeepAlive = true;
  const close = (): void => void request.socket.end();
  request.once("end", () => {
    if (answer.writableFinished) close();
    else answer.once("finish", close);
  });
}

/** 0 where the length is not told. */
function announcedBytes({ headers }: IncomingMessage): number {
  return Number(headers["content-length"] ?? 0);
}
