/** Errors of the routes that the Kotlin runtime does not have: problem details (RFC 9457). */
import { reasonPhrase } from "@lmos/primitives";
import type { FastifyReply } from "fastify";

/** Answers with a problem; `code` is stable, `detail` is for people. */
export function sendProblem(
  reply: FastifyReply,
  status: number,
  problem: { readonly code: string; readonly detail: string },
): FastifyReply {
  const body = { type: "about:blank", title: reasonPhrase(status), status, ...problem };
  return reply
    .code(status)
    .header("content-type", "application/problem+json")
    .send(Buffer.from(JSON.stringify(body)));
}
