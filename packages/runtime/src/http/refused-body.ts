/**
 * The rest of a body that is refused while its client still sends it. Who is cut off then sees a broken connection in place
 * of the answer: many clients read nothing before all is sent, and others lose what had come already.
 */
import type { IncomingMessage } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";

/** Bytes of a refused body that are taken and dropped; who sends more is cut off. The request's own time-out holds, too. */
export const maxDroppedBytes = 16 * 1024 * 1024;

/** Lets the client send to its end what an answer refuses; the connection stays usable. Called before that answer is sent. */
export function dropRestOfBody({ raw }: Pick<FastifyRequest, "raw">, reply: FastifyReply): void {
  if (raw.complete || announcedBytes(raw) > maxDroppedBytes) return;
  reply.removeHeader("connection");
  let dropped = 0;
  raw.on("data", (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > maxDroppedBytes) raw.destroy();
  });
}

/** 0 where the length is not told. */
function announcedBytes({ headers }: IncomingMessage): number {
  return Number(headers["content-length"] ?? 0);
}
