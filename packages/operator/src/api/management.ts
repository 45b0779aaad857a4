/** Health for probes (and under the Kotlin operator's paths), and metrics: on a server of their own or beside the read API. */
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Registry } from "prom-client";

/** What health and metrics are read from. */
export interface ManagementOptions {
  readonly registry: Registry;
  /** True when the operator can answer: its stores have synced and it is not stopping. */
  readonly isReady: () => boolean;
}

/** A server of its own, not listening yet. */
export function createManagementApi(options: ManagementOptions): FastifyInstance {
  const server = Fastify({ logger: false });
  addManagementRoutes(server, options);
  return server;
}

/** Adds the routes to a server that does not listen yet. */
export function addManagementRoutes(server: FastifyInstance, { registry, isReady }: ManagementOptions): void {
  const up = { status: "UP" };
  const sendReady = (reply: FastifyReply, body: object): FastifyReply =>
    isReady() ? reply.send(body) : reply.code(503).send({ status: "DOWN" });
  server.get("/livez", () => up);
  server.get("/health/liveness", () => up);
  server.get("/readyz", (_request, reply) => sendReady(reply, up));
  server.get("/health/readiness", (_request, reply) => sendReady(reply, up));
  server.get("/health", (_request, reply) =>
    sendReady(reply, { groups: ["liveness", "readiness"], status: "UP" }),
  );
  server.get("/metrics", async (_request, reply) => {
    const text = await registry.metrics();
    return reply.header("content-type", registry.contentType).send(text);
  });
}
