/** The management server: health for probes (and under the Kotlin operator's paths), and metrics. */
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Registry } from "prom-client";

/** What the management server tells. */
export interface ManagementOptions {
  readonly registry: Registry;
  /** True when the operator can answer: its stores have synced and it is not stopping. */
  readonly isReady: () => boolean;
}

/** The server, not listening yet. */
export function createManagementApi({ registry, isReady }: ManagementOptions): FastifyInstance {
  const server = Fastify({ logger: false });
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
  return server;
}
