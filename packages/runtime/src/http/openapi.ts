/** The OpenAPI document of the doors over HTTP. Bodies are described by the schemas that validate them. */

import { agentTokenKeysPath, graphqlBodySchema } from "@lmos/protocol";
import { z } from "zod";
import { questionSchema } from "../collaboration/asks-door.ts";
import { memoryBodySchema } from "../memory/memory-rules.ts";
import { anonymizationEntitySchema, turnBodySchema } from "../turn/turn-body.ts";
import { body, failure, inPath, type Json, jsonSchema, parameter, read, reference } from "./openapi-parts.ts";

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
      ...userPaths(`${basePath}/tenants/{tenant}/users/me`),
      ...a2aPaths("/a2a/{tenant}/{channel}"),
      ...agentPaths("/collaboration"),
      "/graphql": { post: graphqlOperation() },
      [agentTokenKeysPath]: { get: read("The public keys of agents' tokens, where agents get such", []) },
      "/sdl": { get: { summary: "The GraphQL schema", responses: { 200: { description: "As text" } } } },
    },
    components: {
      schemas: {
        Message: jsonSchema(turnBodySchema),
        Answer: jsonSchema(answerSchema),
        Error: jsonSchema(errorSchema),
        Problem: jsonSchema(problemSchema),
        GraphqlRequest: jsonSchema(graphqlBodySchema),
        Question: jsonSchema(questionSchema),
        Memory: jsonSchema(memoryBodySchema),
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
      ...["x-lmos-explain", "x-lmos-history", "x-lmos-resumable", "last-event-id"].map(optionalHeader),
      ...correlating,
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

function optionalHeader(name: string): Json {
  return parameter("header", name, false);
}

/** What ties a message to what its client knows of it. */
const correlating = ["x-correlation-id", "traceparent", "tracestate"].map(optionalHeader);

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

/** What is kept for the user of the token. */
function userPaths(path: string): Json {
  const tenant = { parameters: inPath("tenant") };
  return {
    [path]: { delete: own("Erases the user's conversations and memories", tenant) },
    [`${path}/memory`]: { get: own("What agents remember of the user", tenant) },
  };
}

/** A channel as one A2A agent. */
function a2aPaths(path: string): Json {
  const channel = { parameters: inPath("tenant", "channel") };
  const headers = [optionalHeader("x-lmos-explain"), ...correlating];
  const call = {
    parameters: [...channel.parameters, ...headers],
    requestBody: { required: true, content: { "application/json": {} } },
  };
  return {
    [path]: { post: own("A call of A2A, over JSON-RPC", call) },
    [`${path}/.well-known/agent-card.json`]: { get: own("The channel's A2A card", channel) },
  };
}

/** For agents at work: the addresses come with their turns. */
function agentPaths(path: string): Json {
  const ticket = inPath("ticket");
  const place = { parameters: inPath("ticket", "term", "scope", "key") };
  const area = {
    parameters: [...ticket, parameter("query", "term", true), parameter("query", "scope", true)],
  };
  return {
    [`${path}/asks/{ticket}`]: {
      post: own("Asks another capability", { parameters: ticket, requestBody: body("Question") }),
    },
    [`${path}/memory/{ticket}`]: { get: own("All that is remembered there", area) },
    [`${path}/memory/{ticket}/{term}/{scope}/{key}`]: {
      get: own("What is remembered", place),
      put: own("Remembers a value", { ...place, requestBody: body("Memory") }),
      delete: own("Forgets a value", place),
    },
  };
}

/** An operation that the Kotlin runtime has not. */
function own(summary: string, rest: Json): Json {
  const responses = {
    "2XX": { description: "Done" },
    default: failure("Problem", "application/problem+json"),
  };
  return { summary, ...rest, responses };
}
