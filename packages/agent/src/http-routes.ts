// What an agent answers over plain HTTP: its capabilities, its health, and GraphQL queries.
import type { IncomingMessage } from "node:http";
import { dropRestOfBody, hasOtherCharset } from "@lmos/primitives";
import {
  type ArcOperation,
  arcSchema,
  capabilitiesPath,
  graphqlBodySchema,
  graphqlParametersSchema,
  graphqlPath,
  subscriptionsPath,
  writeCapabilitiesDocument,
} from "@lmos/protocol";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";
import { announce } from "./announcement.ts";
import { arcCard, arcCardPath } from "./arc-card.ts";
import type { GraphqlService } from "./graphql-service.ts";
import type { TurnServices } from "./turn.ts";

/** What the routes tell of. */
export interface HttpRoutesOptions {
  readonly services: TurnServices;
  readonly graphql: GraphqlService;
  /** True once the server drains. */
  isDraining(): boolean;
}

const json = "application/json; charset=utf-8";

/** The HTTP side of an agent; not listening yet. Bodies up to 1 MiB; a slow or idle caller is cut off. */
export function createHttpRoutes(options: HttpRoutesOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: 1024 * 1024,
    connectionTimeout: 30_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    http: { headersTimeout: 10_000, maxHeaderSize: 16 * 1024, shouldUpgradeCallback: asksForWebSocket },
    forceCloseConnections: true,
    // Members that nobody knows are ignored, these like any other.
    onProtoPoisoning: "remove",
    onConstructorPoisoning: "remove",
  });
  app.removeContentTypeParser("text/plain"); // as ARC's server: 415
  addErrors(app);
  refuseOtherCharsets(app);
  addHealth(app, options);
  const document = writeCapabilitiesDocument(announce(options.services.agents));
  app.get(capabilitiesPath, async (_request, reply) => reply.type(json).send(document));
  const card = arcCard(options.services.agents);
  app.get(arcCardPath, async (_request, reply) => reply.type(json).send(card));
  addGraphql(app, options.graphql);
  return app;
}

/** Java's HTTP client offers an upgrade to h2c with its requests: they are answered like any other. */
function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === "websocket";
}

/** What may be done where ARC's server, too, tells a wrong method from a path that there is not. */
const methodsOf: Readonly<Record<string, string>> = {
  [graphqlPath]: "GET, HEAD, POST",
  [subscriptionsPath]: "GET",
  "/health": "GET, HEAD",
  "/health/liveness": "GET, HEAD",
  "/health/readiness": "GET, HEAD",
};

function addErrors(app: FastifyInstance): void {
  app.setNotFoundHandler(async ({ method, url }, reply) => {
    const [path = ""] = url.split("?");
    const methods = methodsOf[path];
    if (methods === undefined) return reply.code(404).send({ error: `There is no ${method} ${path} here` });
    return reply
      .code(405)
      .header("allow", methods)
      .send({ error: `${path} takes ${methods}, not ${method}` });
  });
  app.setErrorHandler(
    async (error: { readonly statusCode?: number; readonly message: string }, request, reply) => {
      dropRestOfBody(request.raw, reply);
      const status = error.statusCode ?? 500;
      return reply.code(status).send({ error: status < 500 ? error.message : "Something went wrong here" });
    },
  );
}

function refuseOtherCharsets(app: FastifyInstance): void {
  app.addHook("preParsing", async ({ raw }, reply) => {
    if (!hasOtherCharset(raw)) return;
    dropRestOfBody(raw, reply);
    reply
      .code(415)
      .send({ error: "The body is in other characters than UTF-8: send Content-Type: application/json" });
  });
}

function addHealth(app: FastifyInstance, { isDraining }: HttpRoutesOptions): void {
  app.get("/health/liveness", async () => ({ status: "UP" }));
  for (const path of ["/health", "/health/readiness"]) {
    app.get(path, async (_request, reply) =>
      isDraining() ? reply.code(503).send({ status: "OUT_OF_SERVICE" }) : { status: "UP" },
    );
  }
}

const maxBatch = 10;
const batchSchema = z.array(graphqlBodySchema).max(maxBatch);
const singleSchema = graphqlBodySchema.transform((operation) => [operation]);

function refuse(reply: FastifyReply, error: z.ZodError): FastifyReply {
  return reply.code(400).send({ errors: [{ message: z.prettifyError(error) }] });
}

/** As ARC's server, too, tells a type that is not read from one that is none. */
async function refuseOddMediaType(
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const type = headers["content-type"];
  if (type === undefined || type === "" || type.includes("/")) return undefined;
  return reply.code(400).send({ error: `Content-Type ${type} is no media type: send application/json` });
}

/** Like ARC's server: an operation that fails is answered with 200 and its errors, what is none with 400. */
function addGraphql(app: FastifyInstance, graphql: GraphqlService): void {
  const resultOf = async (operation: ArcOperation): Promise<object> => {
    const started = await graphql.query(operation);
    return started.kind === "answered" ? started.result : { errors: started.errors };
  };
  app.post(graphqlPath, { onRequest: refuseOddMediaType }, async ({ body }, reply) => {
    const asked = Array.isArray(body) ? batchSchema.safeParse(body) : singleSchema.safeParse(body);
    if (!asked.success) return refuse(reply, asked.error);
    const results = await Promise.all(asked.data.map(resultOf));
    return reply.send(Array.isArray(body) ? results : results[0]);
  });
  app.get(graphqlPath, async ({ query }, reply) => {
    const asked = graphqlParametersSchema.safeParse(query);
    return asked.success ? reply.send(await resultOf(asked.data)) : refuse(reply, asked.error);
  });
  app.get(subscriptionsPath, async (_request, reply) =>
    reply.code(400).send({ error: `${subscriptionsPath} is for WebSockets: send an upgrade` }),
  );
  app.get("/sdl", async (_request, reply) => reply.type("text/plain; charset=utf-8").send(arcSchema));
}
