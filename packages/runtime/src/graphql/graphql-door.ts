/** The doors for GraphQL over HTTP: `/graphql` runs queries, `/sdl` serves the schema. */
import { type ArcOperation, arcSchema, graphqlPath } from "@lmos/protocol";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { sendJson } from "../http/error-body.ts";
import { sendProblem } from "../http/problem.ts";
import type { GraphqlOperations } from "./operations.ts";

const variablesSchema = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((variables) => variables ?? {});

/** A GraphQL request as JSON. */
export const graphqlBodySchema = z.object({
  query: z.string(),
  operationName: z
    .string()
    .nullish()
    .transform((name) => name ?? undefined),
  variables: variablesSchema,
});

/** The same as parameters of a query, in which the variables are JSON text. */
const graphqlQuerySchema = graphqlBodySchema.extend({
  variables: z
    .string()
    .optional()
    .transform((text, context) => readJson(text, context))
    .pipe(variablesSchema),
});

/** Opens both doors. */
export function openGraphqlDoor(app: FastifyInstance, operations: GraphqlOperations): void {
  app.post(graphqlPath, async (request, reply) =>
    answer(graphqlBodySchema.safeParse(request.body), reply, operations),
  );
  app.get(graphqlPath, async (request, reply) =>
    answer(graphqlQuerySchema.safeParse(request.query), reply, operations),
  );
  app.get("/sdl", async (_request, reply) => reply.type("text/plain; charset=utf-8").send(arcSchema));
}

async function answer(
  operation: z.ZodSafeParseResult<ArcOperation>,
  reply: FastifyReply,
  operations: GraphqlOperations,
): Promise<FastifyReply> {
  if (!operation.success) {
    const detail = `Not a GraphQL request: ${z.prettifyError(operation.error)}`;
    return sendProblem(reply, 400, { code: "invalid_request", detail });
  }
  const started = await operations.query(operation.data);
  return sendJson(reply, started.kind === "answered" ? started.result : { errors: started.errors });
}

function readJson(text: string | undefined, context: z.RefinementCtx): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
}
