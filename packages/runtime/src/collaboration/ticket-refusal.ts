import type { FastifyReply } from "fastify";
import { sendProblem } from "../http/problem.ts";
import type { TicketVisit } from "./asks.ts";

/** Answers who shows a ticket and is not admitted. */
export function sendNotAdmitted(
  reply: FastifyReply,
  { kind }: Exclude<TicketVisit, { kind: "admitted" }>,
): FastifyReply {
  if (kind === "noTicket") {
    return sendProblem(reply, 404, { code: "no_ticket", detail: "There is no such ticket any more." });
  }
  return sendProblem(reply.header("www-authenticate", 'Bearer error="invalid_token"'), 401, {
    code: "unauthorized",
    detail: "Send the token that the turn came with: Authorization: Bearer and the entry lmos.token.",
  });
}
