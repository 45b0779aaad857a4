/**
 * The rest of a body that is refused while its client still sends it. Who is cut off then sees a broken connection in place
 * of the answer: many clients read nothing before all is sent, and others lose what had come already.
 */
import type { IncomingMessage } from "node:http";

/** Bytes of a refused body that are taken and dropped; who sends more is cut off. The request's own time-out holds, too. */
export const maxDroppedBytes = 16 * 1024 * 1024;

/** Where an answer says that the connection ends with it. */
export interface AnswerHeaders {
  removeHeader(name: string): unknown;
}

/**
 * Lets a client send to its end what is refused; its connection stays usable. Called before the answer is sent. Does nothing
 * for a body that is there already, or that is announced to be longer than {@link maxDroppedBytes}.
 */
export function dropRestOfBody(request: IncomingMessage, answer: AnswerHeaders): void {
  if (request.complete || announcedBytes(request) > maxDroppedBytes) return;
  answer.removeHeader("connection");
  let dropped = 0;
  request.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > maxDroppedBytes) request.destroy();
  });
}

/** 0 where the length is not told. */
function announcedBytes({ headers }: IncomingMessage): number {
  return Number(headers["content-length"] ?? 0);
}
