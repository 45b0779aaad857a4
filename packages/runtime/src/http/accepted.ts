/** Which of the formats that there are a client accepts. */
import { acceptedQuality } from "@lmos/primitives";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sendError } from "./error-body.ts";

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

/**
 * The media type of a JSON answer where the client names another one than `application/json`, which the Kotlin runtime
 * then says of the same document: one that is written as JSON (`application/problem+json`), or one with parameters.
 */
export function namedJson(accept: string | undefined): string | undefined {
  if (accept === undefined || !mayNameJson.test(accept)) return undefined;
  const named = accept.split(",").map(withoutQuality);
  if (named.includes("application/json")) return undefined;
  const found = named.find((range) => jsonRange.test(range));
  return found === "application/*+json" ? "application/json" : found;
}

const mayNameJson = /json *;|[+-][a-z]*json/i;
/** `application/json;charset=utf-8`, `application/vnd.x+json`, `application/*+json`, `application/x-ndjson` */
const jsonRange = /^application\/(?:json(?:;charset=utf-8|;v=[\w.-]+)|[\w.-]+\+json|\*\+json|x-ndjson)$/;

function withoutQuality(range: string): string {
  return range
    .toLowerCase()
    .replace(/;\s*q=.*$/, "")
    .replaceAll(/[\s"]/g, "");
}

/** Says of the answers to a request, whatever they are, that they have the type which it asks for. */
export function answerAsNamed({ headers }: FastifyRequest, reply: FastifyReply): void {
  const type = namedJson(headers.accept);
  if (type !== undefined) reply.header("content-type", type);
}

/** A hook for doors that have nothing but JSON. */
export async function refuseOtherFormats(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { accept } = request.headers;
  answerAsNamed(request, reply);
  if (acceptedQuality(accept, "application/json") > 0 || namedJson(accept) !== undefined) return undefined;
  const message = "Only application/json is served: ask for it.";
  return sendError(reply, 406, { errorCode: "NOT_ACCEPTABLE", message });
}
