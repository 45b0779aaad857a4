/** The doors for GraphQL over HTTP: `/graphql` runs queries, `/sdl` serves the schema, `/subscriptions` is for sockets. */

import { isRecord } from "@lmos/primitives";
import {
  type ArcOperation,
  arcSchema,
  graphqlBodySchema,
  graphqlParametersSchema,
  graphqlPath,
  subscriptionsPath,
} from "@lmos/protocol";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { sendJson } from "../http/error-body.ts";
import { sendProblem } from "../http/problem.ts";
import type { GraphqlOperations } from "./operations.ts";

/** Queries of one request. */
const maxBatch = 10;

/** Opens the doors. */
export function openGraphqlDoor(app: FastifyInstance, operations: GraphqlOperations): void {
  app.register(async (scope) => {
    readOtherBodies(scope);
    scope.addHook("onRequest", refuseOddMediaTypes);
    scope.post(graphqlPath, async (request, reply) => {
      const { body, query } = request;
      if (isRecord(query) && "query" in query)
        return answer(query, graphqlParametersSchema, { reply, operations });
      return Array.isArray(body)
        ? answerAll(body, { reply, operations })
        : answer(body, graphqlBodySchema, { reply, operations });
    });
    scope.get(graphqlPath, withoutHead, async (request, reply) =>
      answer(request.query, graphqlParametersSchema, { reply, operations }),
    );
  });
  app.get("/sdl", withoutHead, async (_request, reply) =>
    reply.type("text/plain; charset=utf-8").send(arcSchema),
  );
  refusePreflights(app);
  openSocketsOnly(app);
}

const withoutHead = { exposeHeadRoute: false } as const;

/** Spring refuses a preflight where nothing allows one. */
function refusePreflights(app: FastifyInstance): void {
  app.options(graphqlPath, async ({ headers }, reply) => {
    if (headers["access-control-request-method"] !== undefined) return reply.code(403).send();
    return reply.header("allow", "GET,POST,OPTIONS").send();
  });
}

function openSocketsOnly(app: FastifyInstance): void {
  const detail = "This path is for WebSockets: ask for an upgrade.";
  app.get(subscriptionsPath, withoutHead, async (_request, reply) =>
    sendProblem(reply, 400, { code: "invalid_request", detail }),
  );
  app.route({
    method: ["HEAD", "POST", "PUT", "PATCH", "DELETE"],
    url: subscriptionsPath,
    onRequest: async (_request, reply) =>
      sendProblem(reply.header("allow", "GET"), 405, { code: "method_not_allowed", detail }),
    handler: async () => undefined,
  });
}

const mediaType = /^\s*[^\s/;,]+\/[^\s/;,]+/;

/** What is no media type at all is no request, whatever else it asks. */
async function refuseOddMediaTypes(
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const { accept = "*/*", "content-type": sent = "*/*" } = headers;
  if ([...accept.split(","), sent].every((each) => each === "*" || mediaType.test(each))) return undefined;
  return refuse(reply, "a media type is none.");
}

/** A body of `application/graphql` is the query itself, of other media types or none at all it is no request. */
function readOtherBodies(scope: FastifyInstance): void {
  scope.addContentTypeParser(
    "application/graphql",
    { parseAs: "string" },
    async (_request: FastifyRequest, query: string) => ({ query }),
  );
  scope.addContentTypeParser("application/graphql+json", { parseAs: "string" }, async () => undefined);
  scope.addContentTypeParser("*", { parseAs: "string" }, async () => undefined);
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
  const batch = z.array(graphqlBodySchema).max(maxBatch).safeParse(given);
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
