import { asObject, type JsonObject, type JsonValue } from "@lmos/primitives";
import { RequestError } from "../errors.ts";
import type { WriteRequest } from "../registry/context.ts";
import { applyObject, type PatchBody, type Patched, patchObject } from "../registry/patch.ts";
import { replyStored, requireMediaType } from "./answer.ts";
import { type Body, parseBody, parseObject } from "./body.ts";
import type { Api, Exchange } from "./exchange.ts";
import type { Reply } from "./reply.ts";

const jsonPatchType = "application/json-patch+json";
const mergePatchType = "application/merge-patch+json";
const strategicPatchType = "application/strategic-merge-patch+json";
const applyPatchType = "application/apply-patch+yaml";

/** Patches an object, or its status, in the way that the content type says. */
export async function handlePatch(api: Api, exchange: Exchange, request: WriteRequest): Promise<Reply> {
  const body = await exchange.body();
  requirePatchType(request, body.mediaType);
  const { stored, created } = applyBody(api, exchange, { request, body });
  const { definition } = request;
  return replyStored(api, exchange, { status: created ? 201 : 200, definition, stored });
}

/** Throws `UnsupportedMediaType` if the kind can't be patched that way: strategic patches are for built-in kinds. */
export function requirePatchType({ definition }: WriteRequest, mediaType: string): void {
  const general = [jsonPatchType, mergePatchType];
  const strategic = definition.origin === "builtin" ? [strategicPatchType] : [];
  if (mediaType === strategicPatchType || [...general, applyPatchType].includes(mediaType)) {
    requireMediaType(mediaType, [...general, ...strategic, applyPatchType]);
    return;
  }
  throw new RequestError("UnsupportedMediaType", "415: Unsupported Media Type", {});
}

/** Reads a body that is not a configuration to apply. Throws `BadRequest`. */
export function parsePatch(body: Body): {
  readonly patch: PatchBody;
  readonly duplicates: readonly string[];
} {
  const { value, duplicates } = parseBody(body, "Patch");
  if (body.mediaType === jsonPatchType)
    return { patch: { kind: "json", operations: operations(value) }, duplicates };
  const patch = asObject(value);
  if (patch === undefined) throw new RequestError("BadRequest", "the patch must be an object");
  return { patch: { kind: body.mediaType === mergePatchType ? "merge" : "strategic", patch }, duplicates };
}

function applyBody(
  api: Api,
  { query }: Exchange,
  { request, body }: { readonly request: WriteRequest; readonly body: Body },
): Patched {
  if (body.mediaType !== applyPatchType) {
    const { patch, duplicates } = parsePatch(body);
    return patchObject(api.registry, { ...request, duplicateFields: duplicates }, patch);
  }
  requireFieldManager(query);
  const { value, duplicates } = parseObject(body, request.definition.kind);
  const force = query.get("force") === "true";
  return applyObject(
    api.registry,
    { ...request, duplicateFields: duplicates },
    { configuration: value, force },
  );
}

function requireFieldManager(query: URLSearchParams): void {
  if (query.get("fieldManager")) return;
  const field = "fieldManager";
  const message = "Required value: is required for apply patch";
  const causes = [{ reason: "FieldValueRequired", message, field }];
  const text = `PatchOptions.meta.k8s.io "" is invalid: ${field}: ${message}`;
  throw new RequestError("Invalid", text, { group: "meta.k8s.io", kind: "PatchOptions", causes });
}

function operations(value: JsonValue): readonly JsonObject[] {
  const items = Array.isArray(value) ? value.map(asObject) : [undefined];
  if (items.every((item) => item !== undefined)) return items;
  throw new RequestError("BadRequest", "a JSON patch must be a list of operations");
}
