/** Health for probes (and under the Kotlin operator's paths), and metrics: on a server of their own or beside the read API. */
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Registry } from "prom-client";
import type { Health } from "./health.ts";

/** What health and metrics are read from. */
export interface ManagementOptions {
  readonly registry: Registry;
  readonly liveness: () => Health;
  readonly readiness: () => Health;
}

/** A server of its own, not listening yet. */
export function createManagementApi(options: ManagementOptions): FastifyInstance {
  const server = Fastify({ logger: false, bodyLimit: 1024, requestTimeout: 10_000 });
  addManagementRoutes(server, options);
  return server;
}

/** Adds the routes to a server that does not listen yet. */
export function addManagementRoutes(server: FastifyInstance, options: ManagementOptions): void {
  const { registry, liveness, readiness } = options;
  server.get("/livez", (_request, reply) => sendHealth(reply, liveness()));
  server.get("/health/liveness", (_request, reply) => sendHealth(reply, liveness()));
  server.get("/readyz", (_request, reply) => sendHealth(reply, readiness()));
  server.get("/health/readiness", (_request, reply) => sendHealth(reply, readiness()));
  server.get("/health", (_request, reply) =>
    sendHealth(reply, readiness(), { groups: ["liveness", "readiness"] }),
  );
  server.get("/info", (_request, reply) => sendActuator(reply, {}));
  server.get("/metrics", async (_request, reply) => {
    const text = await registry.metrics();
    return reply.header("content-type", registry.contentType).send(text);
  });
}

/** As Spring's health says it; the reasons of what is not good are ours. */
function sendHealth(reply: FastifyReply, { isGood, faults }: Health, more: object = {}): FastifyReply {
  return isGood
    ? sendActuator(reply, { ...more, status: "UP" })
    : sendActuator(reply.code(503), { status: "DOWN", details: { faults } });
}

function sendActuator(reply: FastifyReply, body: object): FastifyReply {
  const type = "application/vnd.spring-boot.actuator.v3+json";
  return reply.header("content-type", type).serializer(String).send(JSON.stringify(body));
}
