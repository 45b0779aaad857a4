/** Health and metrics, on a port of their own: no client of a channel gets here. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { RuntimeMetrics } from "../metrics/metrics.ts";
import { sendJson } from "./error-body.ts";
import { preferredJson } from "./named-json.ts";

/** What health says. */
export interface ManagementServices {
  /** False while something that has failed does not run, and where only a new start of the process helps. */
  readonly isAlive: () => boolean;
  readonly isReady: () => boolean;
  readonly metrics: RuntimeMetrics;
}

/** The media type of Spring's management answers, unless another one that they have is asked for by its name. */
const actuatorType = "application/vnd.spring-boot.actuator.v3+json";
const otherType = /^application\/(?:json|vnd\.spring-boot\.actuator\.v2\+json)(?:;|$)/;

/** Opens `/livez`, `/readyz`, `/metrics` and the paths of the Kotlin runtime's management port. */
export function openManagementDoor(
  app: FastifyInstance,
  { isAlive, isReady, metrics }: ManagementServices,
): void {
  app.get("/livez", async (_request, reply) => sendStatus(reply, isAlive()));
  app.get("/readyz", async (_request, reply) => sendStatus(reply, isReady()));
  app.get("/health/liveness", async (_request, reply) => sendStatus(asActuator(reply), isAlive()));
  app.get("/health/readiness", async (_request, reply) => sendStatus(asActuator(reply), isReady()));
  app.get("/health", async (_request, reply) =>
    sendStatus(asActuator(reply), isReady(), { groups: ["liveness", "readiness"] }),
  );
  app.get("/info", async (_request, reply) => asActuator(reply).send(Buffer.from("{}")));
  for (const path of [
    "/health",
    "/health/liveness",
    "/health/readiness",
    "/info",
    "/metrics",
    "/prometheus",
  ]) {
    app.options(path, async (_request, reply) => reply.header("allow", "GET,HEAD,OPTIONS").send());
  }
  for (const path of ["/metrics", "/prometheus"]) {
    app.get(path, async (_request, reply) => {
      const { contentType, text } = await metrics.render();
      return reply.header("content-type", contentType).send(text);
    });
  }
}

function asActuator(reply: FastifyReply): FastifyReply {
  const preferred = preferredJson(reply.request.headers.accept) ?? "";
  return reply.header("content-type", otherType.test(preferred) ? preferred : actuatorType);
}

function sendStatus(
  reply: FastifyReply,
  up: boolean,
  more: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  return sendJson(reply.code(up ? 200 : 503), { ...more, status: up ? "UP" : "DOWN" });
}
