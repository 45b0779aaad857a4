/**
 * Errors of the read API: as Spring writes them, which the Kotlin operator's callers know, or as problem details
 * (RFC 9457) for those who ask for them and for what the original does not have.
 */
import { type Clock, reasonPhrase } from "@lmos/primitives";
import type { FastifyReply, FastifyRequest } from "fastify";

const problemType = "application/problem+json";

/** What went wrong. */
export interface Fault {
  readonly status: number;
  /** For people: what is wrong and what would mend it. */
  readonly detail?: string | undefined;
  /** Named members that say which part of the request is meant. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** Which of the two forms a caller gets. */
export type ErrorForm = "original" | "problem";

/** Sends the error: as a problem where the caller asks for that or `form` says so, the original's otherwise. */
export function sendFault(
  request: FastifyRequest,
  reply: FastifyReply,
  {
    fault,
    clock,
    form = "original",
  }: {
    readonly fault: Fault;
    readonly clock: Clock;
    readonly form?: ErrorForm | undefined;
  },
): FastifyReply {
  const asked = request.headers.accept?.includes(problemType) === true;
  const isOriginal = !asked && form === "original";
  const body = isOriginal ? originalBody(request, fault, clock.now()) : problemBody(request, fault);
  // Without a charset, as the original has it.
  const type = isOriginal ? "application/json" : problemType;
  return reply.code(fault.status).header("content-type", type).serializer(String).send(JSON.stringify(body));
}

function originalBody(request: FastifyRequest, { status, detail, more }: Fault, nowMs: number) {
  return {
    timestamp: new Date(nowMs).toISOString(),
    status,
    error: reasonPhrase(status),
    path: pathOf(request),
    ...more,
    ...(detail === undefined ? {} : { message: detail }),
  };
}

function problemBody(request: FastifyRequest, { status, detail, more }: Fault) {
  return {
    type: "about:blank",
    title: reasonPhrase(status),
    status,
    ...(detail === undefined ? {} : { detail }),
    instance: pathOf(request),
    ...more,
  };
}

/** Without the query. */
function pathOf({ url }: FastifyRequest): string {
  return url.split("?", 1)[0] ?? "";
}
