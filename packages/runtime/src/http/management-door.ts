/** Health and metrics, on a port of their own: no client of a channel gets here. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { RuntimeMetrics } from "../metrics.ts";
import { sendJson } from "./error-body.ts";

/** What health says. */
export interface ManagementServices {
  readonly isReady: () => boolean;
  readonly metrics: RuntimeMetrics;
}

/** Opens `/livez`, `/readyz`, `/metrics` and the paths of the Kotlin runtime's Helm probes. */
export function openManagementDoor(app: FastifyInstance, { isReady, metrics }: ManagementServices): void {
  for (const path of ["/livez", "/health/liveness"]) {
    app.get(path, async (_request, reply) => sendStatus(reply, true));
  }
  for (const path of ["/readyz", "/health", "/health/readiness"]) {
    app.get(path, async (_request, reply) => sendStatus(reply, isReady()));
  }
  for (const path of ["/metrics", "/prometheus"]) {
    app.get(path, async (_request, reply) => {
      const { contentType, text } = await metrics.render();
      return reply.header("content-type", contentType).send(text);
    });
  }
}

function sendStatus(reply: FastifyReply, up: boolean): FastifyReply {
  return sendJson(reply.code(up ? 200 : 503), { status: up ? "UP" : "DOWN" });
}
