/** Requests about objects: finds the definition, reads the parameters, and calls the operation that is meant. */

import type { ResourceDefinition } from "@lmos/resource-definitions";
import type { FieldValidation, WriteRequest } from "../registry/context.ts";
import { createObject } from "../registry/create.ts";
import { invalidOptions, methodNotAllowed, unknownPath } from "../registry/failures.ts";
import { listPage } from "../registry/list.ts";
import { parseSelection } from "../registry/selection.ts";
import { strategyOf } from "../registry/strategy.ts";
import { replaceObject, requireObject } from "../registry/update.ts";
import { parseAccept } from "./accept.ts";
import { encodingOf, replyStored, requireMediaType, unsupportedMediaType } from "./answer.ts";
import { type Body, parseObject, protobufType } from "./body.ts";
import { handleDelete, handleDeleteCollection } from "./delete-handler.ts";
import { encodeList } from "./encode.ts";
import type { Api, Exchange } from "./exchange.ts";
import { handlePatch } from "./patch-handler.ts";
import { type Reply, replyObject, replyText } from "./reply.ts";
import type { ObjectsRoute } from "./route.ts";
import { handleScale } from "./scale-handler.ts";
import { handleWatch, parseSeconds } from "./watch-handler.ts";

const bodyTypes = ["application/json", "application/yaml", protobufType];
const maxManagerBytes = 128;
const fieldValidations: readonly string[] = ["Strict", "Warn", "Ignore"];

/** Answers a request about a collection, an object or a subresource. */
export async function handleObjects(api: Api, exchange: Exchange, route: ObjectsRoute): Promise<Reply> {
  const definition = requireDefinition(api, route);
  if (route.name === undefined) return handleCollection(api, exchange, { route, definition });
  const request = writeRequest(exchange, route, definition);
  if (request.subresource === "scale") return handleScale(api, exchange, request);
  switch (exchange.method) {
    case "GET":
      return handleGet(api, exchange, request);
    case "PUT":
      return handlePut(api, exchange, request);
    case "PATCH":
      return handlePatch(api, exchange, request);
    case "DELETE":
      if (request.subresource !== undefined) throw methodNotAllowed();
      return handleDelete(api, exchange, request);
    default:
      throw methodNotAllowed();
  }
}

/** What the path means, if it is served and gives a namespace where there has to be one and nowhere else. */
function requireDefinition(api: Api, route: ObjectsRoute): ResourceDefinition {
  const definition = api.registry.catalogue.find(route.group, route.version, route.plural);
  if (definition === undefined) throw unknownPath();
  const { namespaced } = definition;
  const ofNamespace = route.namespace !== undefined;
  if (ofNamespace ? !namespaced : namespaced && route.name !== undefined) throw unknownPath();
  if (!isServedPart(definition, route.subresource)) throw unknownPath();
  return definition;
}

function isServedPart({ subresources }: ResourceDefinition, subresource: string | undefined): boolean {
  switch (subresource) {
    case undefined:
      return true;
    case "status":
      return subresources.status;
    case "scale":
      return subresources.scale !== undefined;
    default:
      return false;
  }
}

function writeRequest(exchange: Exchange, route: ObjectsRoute, definition: ResourceDefinition): WriteRequest {
  const { query } = exchange;
  const subresource = route.subresource;
  return {
    definition,
    namespace: route.namespace ?? "",
    name: route.name ?? "",
    subresource: subresource === "status" || subresource === "scale" ? subresource : undefined,
    dryRun: parseDryRun(optionsOf(exchange), query.getAll("dryRun")),
    fieldManager: parseFieldManager(exchange),
    fieldValidation: parseFieldValidation(optionsOf(exchange), query.get("fieldValidation")),
    duplicateFields: [],
    warn: exchange.warn,
  };
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: "CreateOptions",
  PUT: "UpdateOptions",
  PATCH: "PatchOptions",
};

/** The kind that the parameters of the request are. */
function optionsOf({ method }: Exchange): string {
  return optionKinds[method] ?? "DeleteOptions";
}

function parseDryRun(options: string, values: readonly string[]): boolean {
  const given = values.filter((value) => value !== "");
  if (given.some((value) => value !== "All")) {
    const detail = 'supported values: "All"';
    throw invalidOptions(options, { kind: "NotSupported", field: "dryRun", value: given, detail });
  }
  return given.length > 0;
}

function parseFieldManager(exchange: Exchange): string {
  const given = exchange.query.get("fieldManager") || clientName(exchange);
  if (given.length <= maxManagerBytes) return given;
  const detail = `may not be more than ${maxManagerBytes} bytes`;
  throw invalidOptions(optionsOf(exchange), { kind: "TooLong", field: "fieldManager", detail });
}

/** The part of the user agent before the version: what Kubernetes takes as the field manager. */
function clientName({ headers }: Exchange): string {
  return (headers["user-agent"] ?? "unknown").split("/")[0]?.slice(0, maxManagerBytes) || "unknown";
}

function parseFieldValidation(options: string, text: string | null): FieldValidation {
  if (text === null || text === "") return "Warn";
  if (fieldValidations.includes(text)) return text === "Strict" || text === "Ignore" ? text : "Warn";
  const detail = 'supported values: "", "Ignore", "Strict", "Warn"';
  throw invalidOptions(options, { kind: "NotSupported", field: "fieldValidation", value: text, detail });
}

interface Target {
  readonly route: ObjectsRoute;
  readonly definition: ResourceDefinition;
}

function handleCollection(api: Api, exchange: Exchange, target: Target): Promise<Reply> | Reply {
  const { route, definition } = target;
  switch (exchange.method) {
    case "GET":
      if (!definition.verbs.includes("list")) throw methodNotAllowed();
      return route.watch || isWatch(exchange.query)
        ? handleWatch(api, exchange, target)
        : handleList(api, exchange, target);
    case "POST":
      if (definition.namespaced && route.namespace === undefined) throw methodNotAllowed();
      return handleCreate(api, exchange, target);
    case "DELETE":
      if (!definition.verbs.includes("deletecollection")) throw methodNotAllowed();
      return handleDeleteCollection(api, exchange, {
        request: writeRequest(exchange, route, definition),
        selection: parseSelection(definition, route.namespace, exchange.query),
      });
    default:
      throw methodNotAllowed();
  }
}

function isWatch(query: URLSearchParams): boolean {
  return ["true", "1"].includes(query.get("watch") ?? "");
}

async function handleList(api: Api, exchange: Exchange, { route, definition }: Target): Promise<Reply> {
  const { format } = parseAccept(exchange.headers.accept);
  parseSeconds(exchange.query.get("timeoutSeconds")); // no list takes long enough for it to matter
  const selection = parseSelection(definition, route.namespace, exchange.query);
  const page = await listPage(api.registry.store, selection, exchange.query);
  return replyText(200, encodeList(encodingOf(api, exchange, definition), page), format);
}

async function handleCreate(api: Api, exchange: Exchange, { route, definition }: Target): Promise<Reply> {
  const body = await exchange.body();
  requireObjectType(body, definition);
  const { value, duplicates } = parseObject(body, definition);
  const answer = strategyOf(definition).answer;
  if (answer !== undefined) return replyObject(201, answer(value));
  const request = { ...writeRequest(exchange, route, definition), duplicateFields: duplicates };
  const stored = createObject(api.registry, request, value);
  return replyStored(api, exchange, { status: 201, definition, stored });
}

/** Custom resources have no protobuf, though Kubernetes names it for them too. */
function requireObjectType({ mediaType }: Body, { origin }: ResourceDefinition): void {
  requireMediaType(mediaType, bodyTypes);
  if (origin === "custom" && mediaType === protobufType) throw unsupportedMediaType(bodyTypes);
}

function handleGet(api: Api, exchange: Exchange, request: WriteRequest): Reply {
  const stored = requireObject(api.registry, request);
  return replyStored(api, exchange, { status: 200, definition: request.definition, stored });
}

async function handlePut(api: Api, exchange: Exchange, request: WriteRequest): Promise<Reply> {
  const { definition } = request;
  const body = await exchange.body();
  requireObjectType(body, definition);
  const { value, duplicates } = parseObject(body, definition);
  const stored = replaceObject(api.registry, { ...request, duplicateFields: duplicates }, value);
  return replyStored(api, exchange, { status: 200, definition, stored });
}
