/** What ties a request to what others know of it: `x-correlation-id` (made up where there is none) and `traceparent`. */
import type { IncomingHttpHeaders } from "node:http";
import type { IdSource } from "@lmos/primitives";
import { readTraceContext, traceparentHeader, tracestateHeader } from "@lmos/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Correlation } from "../turn/turn.ts";

const correlationHeader = "x-correlation-id";
/** What may go into headers and logs. */
const acceptableId = /^[\x21-\x7e]{1,128}$/;

/** The id of a request: the client's, unless that is none or no id. */
export function correlationIdOf(headers: IncomingHttpHeaders, ids: IdSource): string {
  const given = headers[correlationHeader];
  return typeof given === "string" && acceptableId.test(given) ? given : ids.next();
}

/** The correlation of a request or of an upgrade. */
export function correlationOf(headers: IncomingHttpHeaders, correlationId: string): Correlation {
  return { correlationId, ...readTraceContext(headers[traceparentHeader], headers[tracestateHeader]) };
}

/** Answers every request with its correlation. */
export function echoCorrelation(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(correlationHeaders(correlationOf(request.headers, request.id)));
  });
}

/** The correlation of a request, as a turn carries it. */
export function correlationOfRequest(request: FastifyRequest): Correlation {
  return correlationOf(request.headers, request.id);
}

/** Headers of an answer. */
export function correlationHeaders({
  correlationId,
  traceparent,
}: Correlation): Readonly<Record<string, string>> {
  const id = { [correlationHeader]: correlationId };
  return traceparent === undefined ? id : { ...id, [traceparentHeader]: traceparent };
}
