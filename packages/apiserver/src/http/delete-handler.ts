import { metadataOf } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectAt, textAt } from "@lmos/primitives";
import type { WriteRequest } from "../registry/context.ts";
import { type DeleteOptions, deleteObject } from "../registry/delete.ts";
import { invalidOptions } from "../registry/failures.ts";
import { listPage } from "../registry/list.ts";
import type { Selection } from "../registry/selection.ts";
import { storageResource, valueFor } from "../registry/view.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { parseObject } from "./body.ts";
import { encodeList } from "./encode.ts";
import { type Api, type Exchange, successStatus } from "./exchange.ts";
import { type Reply, replyObject, replyText } from "./reply.ts";

/** Deletes one object: answers with a Status when it is gone, with the object while something holds it. */
export async function handleDelete(api: Api, exchange: Exchange, request: WriteRequest): Promise<Reply> {
  const body = await deleteBody(exchange);
  const dryRun = request.dryRun || body["dryRun"] !== undefined;
  const deletion = deleteObject(api.registry, { ...request, dryRun }, deleteOptions(body, exchange.query));
  const { definition, name } = request;
  const value = valueFor(definition, deletion.object);
  if (deletion.kind === "pending") return replyObject(200, value);
  const uid = textAt(metadataOf(value), "uid") ?? "";
  const group = definition.group === "" ? {} : { group: definition.group };
  return replyObject(200, successStatus({ name, ...group, kind: definition.plural, uid }));
}

/** Deletes every selected object; answers with the list of them. */
export async function handleDeleteCollection(
  api: Api,
  exchange: Exchange,
  { request, selection }: { readonly request: WriteRequest; readonly selection: Selection },
): Promise<Reply> {
  const body = await deleteBody(exchange);
  const options = { ...deleteOptions(body, exchange.query), uid: undefined, resourceVersion: undefined };
  const page = await listPage(api.registry.store, selection, exchange.query);
  const dryRun = request.dryRun || body["dryRun"] !== undefined;
  for (const item of page.items) deleteIfThere(api, { ...request, dryRun }, { item, options });
  const { definition } = request;
  const encoding = { definition, as: "object", includeObject: "Object", nowMs: 0 } as const;
  return replyText(200, encodeList(encoding, page));
}

function deleteIfThere(
  api: Api,
  request: WriteRequest,
  { item, options }: { readonly item: StoredObject; readonly options: DeleteOptions },
): void {
  const { namespace, name } = item;
  const resource = storageResource(request.definition);
  if (api.registry.store.get({ resource, namespace, name }) === undefined) return;
  deleteObject(api.registry, { ...request, namespace, name }, options);
}

async function deleteBody(exchange: Exchange): Promise<JsonObject> {
  const body = await exchange.body();
  if (body.bytes.length === 0) return {};
  return parseObject(body, { kind: "DeleteOptions", origin: "builtin" }).value;
}

function deleteOptions(body: JsonObject, query: URLSearchParams): DeleteOptions {
  const preconditions = objectAt(body, "preconditions");
  const policy = textAt(body, "propagationPolicy") ?? query.get("propagationPolicy") ?? "Background";
  const orphan = body["orphanDependents"] === true || query.get("orphanDependents") === "true";
  if (orphan && (body["propagationPolicy"] !== undefined || query.has("propagationPolicy"))) {
    const detail = "orphanDependents and deletionPropagation cannot be both set";
    throw invalidOptions("DeleteOptions", {
      kind: "Invalid",
      field: "propagationPolicy",
      value: policy,
      detail,
    });
  }
  return {
    uid: textAt(preconditions, "uid"),
    resourceVersion: textAt(preconditions, "resourceVersion"),
    propagation: orphan ? "Orphan" : parsePolicy(policy),
  };
}

function parsePolicy(policy: string): DeleteOptions["propagation"] {
  if (policy === "Foreground" || policy === "Background" || policy === "Orphan") return policy;
  const detail = 'supported values: "Foreground", "Background", "Orphan", "nil"';
  const error = { kind: "NotSupported", field: "propagationPolicy", value: policy, detail } as const;
  throw invalidOptions("DeleteOptions", error);
}
