/** The server: its doors, health and metrics. */
import {
  type Clock,
  dropRestOfBody,
  errorMessage,
  hasOtherCharset,
  type IdSource,
  type Logger,
  trackSilentConnections,
  whenAborted,
} from "@lmos/primitives";
import type { RoutingMode } from "@lmos/router";
import fastify, { type FastifyInstance } from "fastify";
import { type AgentDirectory, type GivenAgents, joinDirectories } from "./agents/agent-directory.ts";
import { openAgentsDoor } from "./agents/agents-door.ts";
import { openClassificationDoor } from "./classification/classification-door.ts";
import { RouterServiceError } from "./errors.ts";
import { type HttpFailure, sendFailure } from "./http-failure.ts";
import { createMetrics, type RouterServiceMetrics } from "./metrics.ts";
import { openCompletionDoor } from "./openai/completion-door.ts";
import { createClassifiersInUse, type VectorsInUse } from "./vectors.ts";

/** What the service works with. */
export interface RouterServiceOptions {
  readonly vectors: VectorsInUse;
  /** Agents that were given at the start or come over HTTP; they go before those of `directory`. */
  readonly given: GivenAgents;
  /** Further agents, such as those that channels are wired to. */
  readonly directory?: AgentDirectory | undefined;
  /** How the door of OpenAI's shape decides. */
  readonly mode: RoutingMode;
  readonly isReady: () => boolean;
  readonly listen: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** A running service; dispose it, or abort its signal. */
export interface RouterService extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

const maxClassifiers = 200;
const timeoutMs = 5_000;
const methods = ["GET", "HEAD", "POST", "DELETE"] as const;
/** What fastify makes of an answer; LMOS' classifier says it without. */
const jsonWithCharset = "application/json; charset=utf-8";
const bodyLimit = 4 * 1024 * 1024;

/** @throws RouterServiceError `ListenFailed`. */
export async function startRouterService(options: RouterServiceOptions): Promise<RouterService> {
  const { given, vectors, clock, ids, logger } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const classifiers = createClassifiersInUse(vectors, { maxEntries: maxClassifiers, clock, signal });
  const metrics = createMetrics({ classifiers: () => classifiers.size });
  const directory = joinDirectories([given, ...(options.directory === undefined ? [] : [options.directory])]);
  const app = createServer(logger);
  const services = { classifiers, metrics, logger, clock, timeoutMs, directory, signal };
  openManagement(app, { isReady: options.isReady, metrics });
  openAgentsDoor(app, { given, vectors, signal });
  openClassificationDoor(app, { ...services, vectors });
  openCompletionDoor(app, { ...services, ids, mode: options.mode });
  const port = await listen(app, options.listen);
  const close = async (): Promise<void> => {
    await app.close();
    stop.abort();
  };
  void whenAborted(options.signal).then(close);
  return { host: options.listen.host, port, [Symbol.asyncDispose]: close };
}

function createServer(logger: Logger): FastifyInstance {
  const app = fastify({
    bodyLimit,
    requestTimeout: 60_000,
    forceCloseConnections: "idle",
    logger: false,
    // Members that nobody knows are ignored, these like any other.
    onProtoPoisoning: "remove",
    onConstructorPoisoning: "remove",
  });
  app.server.maxHeadersCount = 100;
  const cutSilent = trackSilentConnections(app.server);
  app.addHook("preClose", async () => cutSilent());
  const parseJson = app.getDefaultJsonParser("remove", "remove");
  app.addContentTypeParser(/^application\/[\w.-]+\+json\b/i, { parseAs: "string" }, parseJson);
  app.addHook("onSend", async (_request, reply) => {
    if (reply.getHeader("content-type") === jsonWithCharset) reply.header("content-type", "application/json");
  });
  app.addHook("preParsing", async (request, reply) => {
    if (!hasOtherCharset(request.raw)) return;
    dropRestOfBody(request.raw, reply);
    const message = "The body is in other characters than UTF-8: send Content-Type: application/json.";
    sendFailure(reply, { status: 415, code: "INVALID_REQUEST", message });
  });
  app.setNotFoundHandler((request, reply) => {
    const url = request.url.split("?", 1)[0] ?? "";
    const allowed = methods.filter((method) => app.hasRoute({ method, url }));
    if (allowed.length === 0) {
      return sendFailure(reply, {
        status: 404,
        code: "NOT_FOUND",
        message: "There is nothing under this path.",
      });
    }
    const message = `This path takes ${allowed.join(", ")} only.`;
    const refusal = { status: 405, code: "METHOD_NOT_ALLOWED", message };
    return sendFailure(reply.header("allow", allowed.join(",")), refusal);
  });
  app.setErrorHandler((error, request, reply) => {
    dropRestOfBody(request.raw, reply);
    const failure = failureOf(error);
    if (failure.status >= 500)
      logger.error("A request failed for an unexpected reason", { error: errorMessage(error) });
    return sendFailure(reply, failure);
  });
  return app;
}

/** Fastify's own refusals have a status; all else is our fault, and says nothing internal. */
function failureOf(error: unknown): HttpFailure {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) {
    return { status, code: "INVALID_REQUEST", message: errorMessage(error) };
  }
  return {
    status: 500,
    code: "INTERNAL_SERVER_ERROR",
    message: "The request failed for an internal reason.",
  };
}

function openManagement(
  app: FastifyInstance,
  { isReady, metrics }: { readonly isReady: () => boolean; readonly metrics: RouterServiceMetrics },
): void {
  app.get("/livez", async (_request, reply) => reply.send({ status: "UP" }));
  app.get("/readyz", async (_request, reply) =>
    reply.code(isReady() ? 200 : 503).send({ status: isReady() ? "UP" : "DOWN" }),
  );
  app.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await metrics.render();
    return reply.header("content-type", contentType).send(text);
  });
}

async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw new RouterServiceError("ListenFailed", `cannot listen on ${host}:${port}: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
