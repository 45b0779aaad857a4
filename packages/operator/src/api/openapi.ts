/** The OpenAPI document of the read API. A test holds it against the routes that there are. */
type Json = Readonly<Record<string, unknown>>;

/** The document, OpenAPI 3.1. */
export function openApiDocument(): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "LMOS operator",
      version: "1",
      description: "Channels and their routings, as the control plane last saw them.",
    },
    paths: {
      "/apis/v1/tenants/{tenant}/channels": readOperations("The channels of a tenant", {
        parameters: [inPath("tenant")],
        schema: { type: "array", items: reference("Channel") },
        mayBeMissing: false,
      }),
      "/apis/v1/tenants/{tenant}/channels/{channel}": readOperations("One channel", {
        parameters: [inPath("tenant"), inPath("channel")],
        schema: reference("Channel"),
        mayBeMissing: true,
      }),
      "/apis/v1/tenants/{tenant}/channels/{channel}/routing": readOperations("The routing of a channel", {
        parameters: [inPath("tenant"), inPath("channel")],
        schema: reference("ChannelRouting"),
        mayBeMissing: true,
      }),
      "/openapi.json": {
        get: { summary: "This document", responses: { 200: { description: "The document" } } },
      },
    },
    components: { schemas, securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    security: [{}, { token: [] }],
  };
}

interface Reading {
  readonly parameters: readonly Json[];
  readonly schema: Json;
  readonly mayBeMissing: boolean;
}

function readOperations(summary: string, { parameters, schema, mayBeMissing }: Reading): Json {
  const shared = [...parameters, ...headers, ...watching];
  const responses = {
    200: {
      description: "As it is now; with watch=true a stream of changes",
      headers: { ETag: { schema: { type: "string" }, description: "For If-None-Match" } },
      content: { "application/json": { schema }, "text/event-stream": { schema: { type: "string" } } },
    },
    304: { description: "As the caller has it already" },
    400: failure("A part of the request is no label value; `field` and `value` say which"),
    401: failure("No valid token, where tokens are asked for"),
    403: failure("The token is not that of a service account"),
    ...(mayBeMissing ? { 404: { description: "There is none; without a body" } } : {}),
    406: { description: "Neither JSON nor a stream is accepted" },
    429: failure("Too many requests; Retry-After says when to come back"),
    503: failure("The caches are not filled yet, or too many watch; Retry-After says when to come back"),
  };
  return { get: { summary, parameters: shared, responses } };
}

const headers: readonly Json[] = [
  parameter("header", "x-subset", "The subset; `stable` unless given. Ignored where tokens are asked for"),
  parameter(
    "header",
    "x-namespace",
    "The namespace; `default` unless given. Ignored where tokens are asked for",
  ),
  parameter("header", "If-None-Match", "The ETag of what the caller has"),
];

const watching: readonly Json[] = [
  parameter("query", "watch", "`true` streams what there is and then each change"),
  parameter("query", "resourceVersion", "Of the last change that the caller has seen; with watch=true"),
  parameter("header", "Last-Event-ID", "The same, as readers of event streams send it"),
];

function parameter(where: "header" | "query", name: string, description: string): Json {
  return { in: where, name, description, required: false, schema: { type: "string" } };
}

function inPath(name: string): Json {
  return { in: "path", name, required: true, schema: { type: "string", maxLength: 63 } };
}

function failure(description: string): Json {
  return {
    description,
    content: {
      "application/json": { schema: reference("Error") },
      "application/problem+json": { schema: reference("Problem") },
    },
  };
}

function reference(name: keyof typeof schemas): Json {
  return { $ref: `#/components/schemas/${name}` };
}

const text = { type: "string" };
const requirement = { type: "object", properties: { id: text, name: text, version: text, strategy: text } };
const capability = {
  type: "object",
  properties: {
    ...{ id: text, name: text, requiredVersion: text, providedVersion: text, host: text, description: text },
  },
};
const metadata = {
  type: "object",
  properties: { name: text, namespace: text, labels: { type: "object" }, resourceVersion: text, uid: text },
};
const head = { apiVersion: text, kind: text, metadata };
const list = (items: Json): Json => ({ type: "array", items });

const schemas = {
  Channel: {
    type: "object",
    properties: {
      ...head,
      spec: { type: "object", properties: { requiredCapabilities: list(requirement) } },
      status: {
        type: "object",
        properties: { resolveStatus: text, unresolvedRequiredCapabilities: list(requirement) },
      },
    },
  },
  ChannelRouting: {
    type: "object",
    properties: {
      ...head,
      spec: {
        type: "object",
        properties: {
          capabilityGroups: list({
            type: "object",
            properties: { id: text, name: text, capabilities: list(capability), description: text },
          }),
        },
      },
    },
  },
  Error: {
    type: "object",
    properties: { timestamp: text, status: { type: "integer" }, error: text, path: text, message: text },
  },
  Problem: {
    type: "object",
    properties: { type: text, title: text, status: { type: "integer" }, detail: text, instance: text },
  },
};
