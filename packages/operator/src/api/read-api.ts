/**
 * The read API, with the Kotlin operator's paths and bodies: channels and routings of a tenant, answered from the
 * stores on every replica. A channel that does not exist is a 404 without a body; other errors have Spring's body, or
 * are problem details.
 */
import type { Clock } from "@lmos/primitives";
import Fastify, { type FastifyInstance } from "fastify";
import { sendDocument } from "./answer.ts";
import { Door, type DoorOptions } from "./door.ts";
import { openApiDocument } from "./openapi.ts";
import { sendFault } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";
import { type Route, routes } from "./routes.ts";
import { createJournal } from "./watch/journal.ts";

/** What the read API answers from. */
export type ReadApiOptions = Omit<DoorOptions, "sources"> & Pick<DoorOptions["sources"], "stores">;

/** What a request may have and how long it may take to come in. */
const limits = {
  bodyLimit: 64 * 1024,
  requestTimeout: 15_000,
  keepAliveTimeout: 60_000,
  http: { maxHeaderSize: 16 * 1024, headersTimeout: 10_000 },
} as const;
const mostConnections = 2_000;

/** The server, not listening yet. */
export function createReadApi({ stores, ...options }: ReadApiOptions): FastifyInstance {
  const { clock, logger } = options;
  const server = Fastify({
    logger: false,
    routerOptions: { maxParamLength: 500 },
    ...limits,
    frameworkErrors: ({ statusCode = 400 }, request, reply) => {
      sendFault(request, reply, { fault: { status: statusCode }, clock });
    },
  });
  server.server.maxConnections = mostConnections;
  const journals = { channels: createJournal(stores.channels), routings: createJournal(stores.routings) };
  server.addHook("onClose", async () => {
    for (const journal of Object.values(journals)) journal[Symbol.dispose]();
  });
  const door = new Door({ ...options, sources: { stores, journals } });
  limitRates(server, clock);
  for (const route of routes) addRoute(server, route, { door, clock });
  server.get("/openapi.json", (request, reply) => sendDocument(request, reply, openApiDocument()));
  server.setNotFoundHandler((request, reply) => sendFault(request, reply, { fault: { status: 404 }, clock }));
  server.setErrorHandler((error: { readonly statusCode?: number }, request, reply) => {
    const { statusCode: status = 500 } = error;
    if (status >= 500) logger?.error("a request could not be answered", { path: request.url, error });
    return sendFault(request, reply, { fault: { status }, clock });
  });
  return server;
}

function addRoute(
  server: FastifyInstance,
  route: Route,
  { door, clock }: { readonly door: Door; readonly clock: Clock },
): void {
  const { url } = route;
  server.get(url, (request, reply) => door.answer(request, reply, route));
  server.options(url, (_request, reply) =>
    reply.header("allow", "GET,HEAD,OPTIONS").header("accept-patch", "").send(),
  );
  server.route({
    url,
    method: ["POST", "PUT", "PATCH", "DELETE"],
    // Before any body is read: whatever it is, there is nothing to do with it.
    onRequest: async (request, reply) =>
      sendFault(request, reply.header("allow", "GET"), { fault: { status: 405 }, clock }),
    handler: async () => undefined,
  });
}

/** Probes and scrapes of the same port are not counted. */
function limitRates(server: FastifyInstance, clock: Clock): void {
  const waitSeconds = createRateLimit(clock);
  server.addHook("onRequest", (request, reply, done) => {
    const seconds = request.url.startsWith("/apis/") ? waitSeconds(request.ip) : undefined;
    if (seconds === undefined) return done();
    const fault = { status: 429, detail: "too many requests from this address" };
    sendFault(request, reply.header("retry-after", seconds), { fault, clock });
  });
}
