/**
 * The read API, with the Kotlin operator's paths and bodies: channels and routings of a tenant, answered from the
 * stores. A channel that does not exist is a 404 without a body; every other error has Spring's body.
 */
import type { Clock } from "@lmos/primitives";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Stores } from "../stores.ts";
import { channelDocument, routingDocument } from "./documents.ts";
import { errorBody } from "./error-body.ts";
import { findChannel, findChannels, findRouting } from "./find.ts";
import { type Query, readQuery } from "./parameters.ts";

/** What the read API answers from. */
export interface ReadApiOptions {
  readonly stores: Stores;
  readonly clock: Clock;
}

/** Answers one query; undefined means that there is no such thing. */
type Answer = (query: Query, stores: Stores) => unknown;

const routes: Readonly<Record<string, Answer>> = {
  "/apis/v1/tenants/:tenant/channels": (query, stores) => findChannels(query, stores).map(channelDocument),
  "/apis/v1/tenants/:tenant/channels/:channel": (query, stores) => {
    const channel = findChannel(query, stores);
    return channel && channelDocument(channel);
  },
  "/apis/v1/tenants/:tenant/channels/:channel/routing": (query, stores) => {
    const routing = findRouting(query, stores);
    return routing && routingDocument(routing);
  },
};

/** The server, not listening yet. */
export function createReadApi(options: ReadApiOptions): FastifyInstance {
  const { clock } = options;
  const server = Fastify({ logger: false, routerOptions: { maxParamLength: 500 } });
  for (const [url, answer] of Object.entries(routes)) {
    server.get(url, (request, reply) => handle(request, reply, { ...options, answer }));
    server.options(url, (_request, reply) => reply.header("allow", "GET,HEAD,OPTIONS").send());
    server.route({
      url,
      method: ["POST", "PUT", "PATCH", "DELETE"],
      handler: (request, reply) => sendError(request, reply.header("allow", "GET"), { clock, status: 405 }),
    });
  }
  server.setNotFoundHandler((request, reply) => sendError(request, reply, { clock, status: 404 }));
  server.setErrorHandler((error: { readonly statusCode?: number }, request, reply) =>
    sendError(request, reply, { clock, status: error.statusCode ?? 500 }),
  );
  return server;
}

function handle(
  request: FastifyRequest,
  reply: FastifyReply,
  { stores, clock, answer }: ReadApiOptions & { readonly answer: Answer },
): unknown {
  const parts = queryParts(request);
  if (parts.channel === "") return reply.callNotFound();
  if (!acceptsJson(request)) return reply.code(406).header("accept", "application/json").send();
  const reading = readQuery(parts);
  if (reading.kind === "invalid") {
    const { field, value } = reading;
    const more = { field, value, message: `${field} is not a label value` };
    return sendError(request, reply, { clock, status: 400, more });
  }
  if (!stores.channels.synced || !stores.routings.synced) {
    return sendError(request, reply, { clock, status: 503 });
  }
  const body = answer(reading.query, stores);
  return body === undefined ? reply.code(404).send() : sendJson(reply, body);
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  { clock, status, more }: { readonly clock: Clock; readonly status: number; readonly more?: object },
): FastifyReply {
  return reply.code(status).send({ ...errorBody(status, request.url, clock.now()), ...more });
}

/** Without a charset, as the original has it. */
function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header("content-type", "application/json").serializer(String).send(JSON.stringify(body));
}

function acceptsJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? "*/*";
  return accept === "" || /\*\/\*|application\/(\*|json)/i.test(accept);
}

function queryParts({ params, headers }: FastifyRequest): Parameters<typeof readQuery>[0] {
  const named = pathParts(params);
  return {
    tenant: named["tenant"] ?? "",
    channel: named["channel"],
    subset: oneOf(headers["x-subset"]),
    namespace: oneOf(headers["x-namespace"]),
  };
}

function pathParts(params: unknown): Readonly<Record<string, string>> {
  if (typeof params !== "object" || params === null) return {};
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
