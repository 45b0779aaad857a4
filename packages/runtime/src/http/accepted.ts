/** Which of the formats that there are a client accepts. */
import { acceptedQuality } from "@lmos/primitives";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sendError } from "./error-body.ts";
import { namedJson } from "./named-json.ts";

/**
 * The format of an answer; undefined when none will do. JSON, unless a stream is named and wanted no less: a client that
 * takes anything knows of no streams.
 */
export function acceptedFormat(accept: string | undefined): "json" | "stream" | undefined {
  const json = acceptedQuality(accept, "application/json");
  const stream = acceptedQuality(accept, "text/event-stream", { named: true });
  if (stream > 0 && stream >= json) return "stream";
  return json > 0 || namedJson(accept) !== undefined ? "json" : undefined;
}

/** A hook for doors that have nothing but JSON. */
export async function refuseOtherFormats(
  { headers: { accept } }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (acceptedQuality(accept, "application/json") > 0 || namedJson(accept) !== undefined) return undefined;
  const message = "Only application/json is served: ask for it.";
  return sendError(reply, 406, { errorCode: "NOT_ACCEPTABLE", message });
}
