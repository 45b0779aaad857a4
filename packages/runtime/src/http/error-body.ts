/**
 * Errors as the Kotlin runtime writes them: `{"errorCode", "message"}`. The codes are its codes; where it answered 500
 * to a client's mistake, or had no time-out to report, the status tells the truth (docs/compatibility.md lists them).
 */
import type { OutgoingHttpHeaders } from "node:http";
import type { FastifyReply } from "fastify";
import type { TurnFailure, TurnFailureCode } from "../turn/failure.ts";
import { namedJson } from "./named-json.ts";

/** The body of an error. */
export interface ErrorBody {
  readonly errorCode: string;
  readonly message: string;
}

interface ErrorStatus {
  readonly status: number;
  readonly errorCode: string;
}

const agentFault: ErrorStatus = { status: 500, errorCode: "AGENT_CLIENT_EXCEPTION" };
const internal: ErrorStatus = { status: 500, errorCode: "INTERNAL_SERVER_ERROR" };

const statusOf: Readonly<Record<TurnFailureCode, ErrorStatus>> = {
  invalid_request: { status: 400, errorCode: "INVALID_REQUEST" },
  no_routing: { status: 404, errorCode: "AGENT_NOT_FOUND" },
  routing_unavailable: internal,
  unknown_agent: { status: 404, errorCode: "AGENT_NOT_FOUND" },
  wrong_tenant: { status: 403, errorCode: "FORBIDDEN" },
  agent_unavailable: { ...agentFault, status: 503 },
  agent_busy: { ...agentFault, status: 503 },
  agent_quota_exceeded: { ...agentFault, status: 429 },
  agent_timeout: { ...agentFault, status: 504 },
  agent_unresponsive: { ...agentFault, status: 504 },
  agent_interrupted: agentFault,
  agent_error: agentFault,
  agent_protocol_error: agentFault,
  response_too_large: agentFault,
  no_answer: internal,
  handover_failed: agentFault,
  overloaded: { status: 503, errorCode: "SERVICE_UNAVAILABLE" },
  quota_exceeded: { status: 429, errorCode: "TOO_MANY_REQUESTS" },
  server_shutdown: { status: 503, errorCode: "SERVICE_UNAVAILABLE" },
  client_gone: internal,
  internal,
};

/** Answers a failed turn. */
export function sendFailure(reply: FastifyReply, failure: TurnFailure): FastifyReply {
  const { status, errorCode } = statusOf[failure.code];
  if (failure.retryAfterSeconds !== undefined) reply.header("retry-after", String(failure.retryAfterSeconds));
  return sendError(reply, status, { errorCode, message: failure.message });
}

/** Answers with an error body. */
export function sendError(reply: FastifyReply, status: number, body: ErrorBody): FastifyReply {
  return sendJson(reply.code(status), body);
}

/** Answers with a JSON document. As bytes, because fastify adds a charset to text, which clients never saw. */
export function sendJson(reply: FastifyReply, document: unknown): FastifyReply {
  if (!reply.hasHeader("content-type")) reply.header("content-type", jsonType(reply));
  return reply.send(Buffer.from(JSON.stringify(document)));
}

/**
 * Answers 200 with JSON text, past fastify: Node writes a text together with the headers, bytes apart from them, and each
 * write is a call of the system. For the answer that is sent most.
 */
export function sendTextOnce(reply: FastifyReply, json: string): FastifyReply {
  reply.hijack();
  const length = Buffer.byteLength(json);
  const type = jsonType(reply);
  const headers = { ...reply.getHeaders(), "content-type": type, "content-length": length };
  reply.raw.writeHead(200, definedHeaders(headers));
  reply.raw.end(json);
  return reply;
}

function jsonType({ request }: FastifyReply): string {
  return namedJson(request.headers.accept) ?? "application/json";
}

function definedHeaders(headers: ReturnType<FastifyReply["getHeaders"]>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
