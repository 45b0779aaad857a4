/** Which of the formats that there are a client accepts. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { sendError } from "./error-body.ts";

/** The format of an answer; undefined when none will do. JSON unless something is asked for. */
export function acceptedFormat(accept: string | undefined): "json" | "stream" | undefined {
  if (accept?.includes("text/event-stream")) return "stream";
  return acceptsJson(accept) ? "json" : undefined;
}

/** A hook for doors that have nothing but JSON. */
export async function refuseOtherFormats(
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (acceptsJson(headers.accept)) return undefined;
  const message = "Only application/json is served: ask for it.";
  return sendError(reply, 406, { errorCode: "NOT_ACCEPTABLE", message });
}

function acceptsJson(accept: string | undefined): boolean {
  return accept === undefined || accept === "" || /\*\/\*|application\/(\*|json)/i.test(accept);
}
