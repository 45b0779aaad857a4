import { withMetadata } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectAt } from "@lmos/primitives";
import type { RequestError } from "../errors.ts";
import type { WriteRequest } from "../registry/context.ts";
import { invalid, methodNotAllowed, unknownPath } from "../registry/failures.ts";
import { patchValue } from "../registry/patch.ts";
import { scaleOf, scaleVersion, withReplicas } from "../registry/scale.ts";
import { requireObject, writeUpdate } from "../registry/update.ts";
import { valueFor } from "../registry/view.ts";
import { requireMediaType } from "./answer.ts";
import { parseObject } from "./body.ts";
import type { Api, Exchange } from "./exchange.ts";
import { parsePatch, requirePatchType } from "./patch-handler.ts";
import { type Reply, replyObject } from "./reply.ts";

/** Reads or changes the scale of an object; a change of the replicas is a change of the object's spec. */
export async function handleScale(api: Api, exchange: Exchange, request: WriteRequest): Promise<Reply> {
  switch (exchange.method) {
    case "GET":
      return replyScale(api, request);
    case "PUT":
      return replace(api, exchange, request);
    case "PATCH":
      return patch(api, exchange, request);
    default:
      throw methodNotAllowed();
  }
}

function replyScale(api: Api, request: WriteRequest): Reply {
  const stored = requireObject(api.registry, request);
  return replyObject(200, scaleOf(scaleSubresource(request), valueFor(request.definition, stored)));
}

async function replace(api: Api, exchange: Exchange, request: WriteRequest): Promise<Reply> {
  const body = await exchange.body();
  requireMediaType(body.mediaType, ["application/json", "application/yaml"]);
  return write(api, request, parseObject(body, { kind: "Scale", origin: "builtin" }).value);
}

async function patch(api: Api, exchange: Exchange, request: WriteRequest): Promise<Reply> {
  const body = await exchange.body();
  requirePatchType(request, body.mediaType);
  const current = valueFor(request.definition, requireObject(api.registry, request));
  const scale = scaleOf(scaleSubresource(request), current);
  return write(api, request, patchValue(withoutSchema(request), scale, parsePatch(body).patch));
}

function write(api: Api, request: WriteRequest, wanted: JsonObject): Reply {
  const { definition } = request;
  const replicas = Number(objectAt(wanted, "spec")["replicas"] ?? 0);
  if (!Number.isInteger(replicas) || replicas < 0) throw negativeScale(request, replicas);
  const current = requireObject(api.registry, request);
  const object = withReplicas(scaleSubresource(request), valueFor(definition, current), wanted);
  const next = withMetadata(object, { resourceVersion: scaleVersion(wanted) });
  const stored = writeUpdate(api.registry, request, { current, next });
  return replyObject(200, scaleOf(scaleSubresource(request), valueFor(definition, stored)));
}

/** The two ways in which Kubernetes says it. */
function negativeScale({ definition, name }: WriteRequest, value: number): RequestError {
  if (definition.origin === "builtin") {
    const detail = "must be greater than or equal to 0";
    const error = { kind: "Invalid", field: "spec.replicas", value, detail } as const;
    return invalid({ group: "autoscaling", kind: "Scale", plural: "" }, name, [error]);
  }
  const field = definition.subresources.scale?.specReplicasPath ?? "";
  const detail = "should be a non-negative integer";
  return invalid(definition, name, [{ kind: "Invalid", field, value, detail }]);
}

/** Without a schema, a strategic patch merges like any other. */
function withoutSchema(request: WriteRequest): WriteRequest {
  return { ...request, definition: { ...request.definition, schema: undefined } };
}

function scaleSubresource({ definition }: WriteRequest) {
  const { scale } = definition.subresources;
  if (scale === undefined) throw unknownPath();
  return scale;
}
