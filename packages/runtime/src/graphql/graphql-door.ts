/** The doors for GraphQL over HTTP: `/graphql` runs queries, `/sdl` serves the schema. */

import { isRecord } from "@lmos/primitives";
import {
  type ArcOperation,
  arcSchema,
  graphqlBodySchema,
  graphqlParametersSchema,
  graphqlPath,
} from "@lmos/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { sendJson } from "../http/error-body.ts";
import { sendProblem } from "../http/problem.ts";
import type { GraphqlOperations } from "./operations.ts";

/** Queries of one request. */
const maxBatch = 10;

/** Opens both doors. */
export function openGraphqlDoor(app: FastifyInstance, operations: GraphqlOperations): void {
  app.register(async (scope) => {
    readOtherBodies(scope);
    scope.post(graphqlPath, async (request, reply) => {
      const { body, query } = request;
      if (isRecord(query) && "query" in query)
        return answer(query, graphqlParametersSchema, { reply, operations });
      return Array.isArray(body)
        ? answerAll(body, { reply, operations })
        : answer(body, graphqlBodySchema, { reply, operations });
    });
    scope.get(graphqlPath, async (request, reply) =>
      answer(request.query, graphqlParametersSchema, { reply, operations }),
    );
  });
  app.get("/sdl", async (_request, reply) => reply.type("text/plain; charset=utf-8").send(arcSchema));
}

/** A body without a media type is JSON, one of `application/graphql` is the query itself, others are none. */
function readOtherBodies(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    "application/graphql",
    { parseAs: "string" },
    async (_request: FastifyRequest, query: string) => ({ query }),
  );
  scope.addContentTypeParser("*", { parseAs: "string" }, async (request: FastifyRequest, text: string) =>
    request.headers["content-type"] === undefined ? parseJson(text) : undefined,
  );
}

interface Answering {
  readonly reply: FastifyReply;
  readonly operations: GraphqlOperations;
}

async function answer(
  given: unknown,
  schema: z.ZodType<ArcOperation>,
  { reply, operations }: Answering,
): Promise<FastifyReply> {
  const operation = schema.safeParse(given);
  if (!operation.success) return refuse(reply, z.prettifyError(operation.error));
  return sendJson(reply, await resultOf(operation.data, operations));
}

/** Several operations at once: their results in the same order. */
async function answerAll(given: readonly unknown[], { reply, operations }: Answering): Promise<FastifyReply> {
  const batch = z.array(graphqlBodySchema).min(1).max(maxBatch).safeParse(given);
  if (!batch.success) return refuse(reply, z.prettifyError(batch.error));
  return sendJson(reply, await Promise.all(batch.data.map((each) => resultOf(each, operations))));
}

async function resultOf(operation: ArcOperation, operations: GraphqlOperations): Promise<object> {
  const started = await operations.query(operation);
  return started.kind === "answered" ? started.result : { errors: started.errors };
}

function refuse(reply: FastifyReply, reason: string): FastifyReply {
  return sendProblem(reply, 400, { code: "invalid_request", detail: `Not a GraphQL request: ${reason}` });
}

/** Text that is no JSON is no request: its schema says so. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
