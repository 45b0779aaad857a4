/** A refusal in the shape of all errors of its path: the Kotlin runtime's on paths that it has, else problem details. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ErrorBody, sendError } from "./error-body.ts";
import { sendProblem } from "./problem.ts";

const pathsOfKotlin = /^(\/lmos\/runtime)?\/apis\/v1\//;

/** Answers. */
export function sendRefusal(
  { url }: Pick<FastifyRequest, "url">,
  reply: FastifyReply,
  { status, errorCode, message }: ErrorBody & { readonly status: number },
): FastifyReply {
  if (pathsOfKotlin.test(url)) return sendError(reply, status, { errorCode, message });
  return sendProblem(reply, status, { code: errorCode.toLowerCase(), detail: message });
}
