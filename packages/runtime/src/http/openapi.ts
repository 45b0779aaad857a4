/** The OpenAPI document of the doors over HTTP. Bodies are described by the schemas that validate them. */

import { graphqlBodySchema } from "@lmos/protocol";
import { z } from "zod";
import { anonymizationEntitySchema, turnBodySchema } from "../turn/turn-body.ts";

type Json = Readonly<Record<string, unknown>>;

const errorSchema = z.object({ errorCode: z.string(), message: z.string().nullable() });
const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
});
const answerSchema = z.object({
  content: z.string(),
  anonymizationEntities: z.array(anonymizationEntitySchema).nullable(),
});

/** The document, OpenAPI 3.1. */
export function openApiDocument(basePath: string): Json {
  return {
    openapi: "3.1.0",
    info: { title: "LMOS runtime", version: "1", description: "Takes messages to agents." },
    paths: {
      [`${basePath}/{tenant}/chat/{conversation}/message`]: { post: messageOperation() },
      [`${basePath}/agents`]: {
        get: read("The agents of a channel", [
          parameter("query", "tenantId", true),
          parameter("query", "channelId", true),
          parameter("query", "subset", false),
        ]),
      },
      [`${basePath}/agents/{tenant}/{channel}`]: {
        get: read("The agents of a channel, with addresses", inPath("tenant", "channel")),
      },
      ...channelPaths(`${basePath}/tenants/{tenant}/channels`),
      "/graphql": { post: graphqlOperation() },
      "/sdl": { get: { summary: "The GraphQL schema", responses: { 200: { description: "As text" } } } },
    },
    components: {
      schemas: {
        Message: jsonSchema(turnBodySchema),
        Answer: jsonSchema(answerSchema),
        Error: jsonSchema(errorSchema),
        Problem: jsonSchema(problemSchema),
        GraphqlRequest: jsonSchema(graphqlBodySchema),
      },
    },
  };
}

function messageOperation(): Json {
  const stream = { schema: { type: "string", description: "Server-sent events" } };
  return {
    summary: "A message of a user, answered whole or piece by piece",
    parameters: [
      ...inPath("tenant", "conversation"),
      parameter("header", "x-turn-id", true),
      parameter("header", "x-subset", false),
      parameter("header", "x-lmos-explain", false),
    ],
    requestBody: body("Message"),
    responses: {
      200: {
        description: "The answer",
        content: { "application/json": reference("Answer"), "text/event-stream": stream },
      },
      default: failure("Error", "application/json"),
    },
  };
}

function channelPaths(path: string): Json {
  const headers = [parameter("header", "x-subset", false), parameter("header", "x-namespace", false)];
  return {
    [path]: { get: read("The channels of a tenant", [...inPath("tenant"), ...headers]) },
    [`${path}/{channel}`]: { get: read("One channel", [...inPath("tenant", "channel"), ...headers]) },
    [`${path}/{channel}/routing`]: {
      get: read("The routing of a channel", [...inPath("tenant", "channel"), ...headers]),
    },
  };
}

function graphqlOperation(): Json {
  return {
    summary: "A GraphQL query",
    requestBody: body("GraphqlRequest"),
    responses: {
      200: { description: "The result, or errors" },
      default: failure("Problem", "application/problem+json"),
    },
  };
}

function read(summary: string, parameters: readonly Json[]): Json {
  const responses = { 200: { description: summary }, default: failure("Error", "application/json") };
  return { summary, parameters, responses };
}

function failure(schema: string, type: string): Json {
  return { description: "What is wrong", content: { [type]: reference(schema) } };
}

function body(schema: string): Json {
  return { required: true, content: { "application/json": reference(schema) } };
}

function reference(schema: string): Json {
  return { schema: { $ref: `#/components/schemas/${schema}` } };
}

function inPath(...names: readonly string[]): readonly Json[] {
  return names.map((name) => parameter("path", name, true));
}

function parameter(place: "path" | "query" | "header", name: string, required: boolean): Json {
  return { in: place, name, required, schema: { type: "string" } };
}

/** Described as what comes out of validation; what has a default may be left out on the way in. */
function jsonSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    io: "output",
    unrepresentable: "any",
    override: ({ jsonSchema: described }) => {
      delete described.$schema;
      delete described.additionalProperties;
      const required = described.required?.filter((name) => !hasDefault(described.properties?.[name]));
      if (required !== undefined) described.required = required;
    },
  });
}

function hasDefault(property: unknown): boolean {
  return typeof property === "object" && property !== null && "default" in property;
}
