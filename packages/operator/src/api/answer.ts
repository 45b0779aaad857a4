/** Sends a document with what lets its reader ask for it again at no cost. */
import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

/** 200 with the document, or 304 where the reader has it already. Without a charset, as the original has it. */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: unknown): FastifyReply {
  const text = JSON.stringify(document);
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
  reply.header("etag", etag).header("cache-control", "no-cache");
  if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.header("content-type", "application/json").serializer(String).send(text);
}

/** Compared weakly, as `If-None-Match` is. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const known = header.split(",").map((each) => each.trim().replace(/^W\//, ""));
  return known.includes(etag) || known.includes("*");
}
