/** `POST /api/v1/routings/…`: LMOS' classifier over HTTP. */
import { errorMessage } from "@lmos/primitives";
import { nearestExamples, type RoutingMode } from "@lmos/router";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { AgentDirectory } from "../agents/agent-directory.ts";
import { type ClassifyServices, classify } from "../classify.ts";
import { type HttpFailure, parseBody, sendFailure } from "../http-failure.ts";
import type { VectorsInUse } from "../vectors.ts";
import {
  type ClassificationRequest,
  classificationRequestSchema,
  questionOf,
  scopeOf,
  toClassificationResult,
} from "./classification.ts";

/** What the door leads to. */
export interface ClassificationServices extends ClassifyServices {
  readonly directory: AgentDirectory;
  readonly vectors: VectorsInUse;
  readonly signal: AbortSignal;
}

const modes: Readonly<Record<string, RoutingMode>> = {
  vector: "vector",
  llm: "llm",
  "hybrid-fast-track": "hybrid",
};

/** Opens the paths. */
export function openClassificationDoor(app: FastifyInstance, services: ClassificationServices): void {
  for (const [path, mode] of Object.entries(modes)) {
    app.post(`/api/v1/routings/${path}`, async (request, reply) => {
      const parsed = parseBody(classificationRequestSchema, request.body);
      if (parsed.kind === "invalid") return sendFailure(reply, parsed.failure);
      return answer(parsed.value, mode, { reply, services });
    });
  }
  app.post("/api/v1/routings/vector/plain", async (request, reply) => {
    const parsed = parseBody(classificationRequestSchema, request.body);
    if (parsed.kind === "invalid") return sendFailure(reply, parsed.failure);
    return answerPlain(parsed.value, { reply, services });
  });
}

interface Call {
  readonly reply: FastifyReply;
  readonly services: ClassificationServices;
}

async function answer(
  request: ClassificationRequest,
  mode: RoutingMode,
  { reply, services }: Call,
): Promise<FastifyReply> {
  const scope = scopeOf(request);
  const agents = services.directory.agentsOf(scope);
  if (agents === undefined) return sendFailure(reply, unknownChannel(scope));
  const outcome = await classify({ mode, scope, agents, request: questionOf(request) }, services);
  if (outcome.kind === "failed") return sendFailure(reply, outcome.failure);
  return reply.send(toClassificationResult(outcome.decision, agents));
}

/** The nearest examples themselves. */
async function answerPlain(request: ClassificationRequest, { reply, services }: Call): Promise<FastifyReply> {
  const scope = scopeOf(request);
  try {
    const hits = await nearestExamples(questionOf(request), { ...services.vectors.current, scope }, services);
    return reply.send(hits);
  } catch (error) {
    services.signal.throwIfAborted();
    services.logger.warn("The nearest examples could not be found", { ...scope, error: errorMessage(error) });
    const message = "The nearest examples could not be found: is the store of vectors there?";
    return sendFailure(reply, { status: 400, code: "RETRIEVAL_FAILED", message });
  }
}

function unknownChannel({ tenant, channel, subset }: ReturnType<typeof scopeOf>): HttpFailure {
  return {
    status: 404,
    code: "UNKNOWN_CHANNEL",
    message: `There are no agents for tenant ${tenant}, channel ${channel}, subset ${subset}: is the channel resolved, or were its agents sent to /api/v1/embeddings?`,
  };
}
