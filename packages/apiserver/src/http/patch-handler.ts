import { asObject, errorMessage, type JsonObject, type JsonValue } from "@lmos/primitives";
import { RequestError } from "../errors.ts";
import type { WriteRequest } from "../registry/context.ts";
import { invalidOptions } from "../registry/failures.ts";
import { applyObject, type PatchBody, type Patched, patchObject } from "../registry/patch.ts";
import { replyStored, requireMediaType } from "./answer.ts";
import { type Body, goKind, type ParsedBody, parseJson, parseYaml } from "./body.ts";
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
  if (definition.origin === "custom") requireMediaType(mediaType, [...general, applyPatchType]);
  if ([...general, strategicPatchType, applyPatchType].includes(mediaType)) return;
  throw new RequestError("UnsupportedMediaType", "415: Unsupported Media Type", {});
}

/** Reads a body that is not a configuration to apply. Throws `BadRequest`. */
export function parsePatch(body: Body): {
  readonly patch: PatchBody;
  readonly duplicates: readonly string[];
} {
  const isStrategic = body.mediaType === strategicPatchType;
  const refused = (why: string) =>
    new RequestError("BadRequest", isStrategic ? why : `error decoding patch: ${why}`);
  const { value, duplicates } = read(parseJson, body, (why) => refused(why));
  if (body.mediaType === jsonPatchType)
    return { patch: { kind: "json", operations: operations(value) }, duplicates };
  const patch = asObject(value);
  if (patch === undefined)
    throw refused(`json: cannot unmarshal ${goKind(value)} into Go value of type ${goMap}`);
  return { patch: { kind: isStrategic ? "strategic" : "merge", patch }, duplicates };
}

const goMap = "map[string]interface {}";

function read(
  parse: typeof parseJson,
  { bytes }: Body,
  refused: (why: string) => RequestError,
): ParsedBody<JsonValue> {
  try {
    return parse(bytes);
  } catch (error) {
    throw refused(errorMessage(error));
  }
}

function applyBody(
  api: Api,
  { query }: Exchange,
  { request, body }: { readonly request: WriteRequest; readonly body: Body },
): Patched {
  if (body.mediaType !== applyPatchType) {
    requireNoForce(query);
    const { patch, duplicates } = parsePatch(body);
    return patchObject(api.registry, { ...request, duplicateFields: duplicates }, patch);
  }
  requireFieldManager(query);
  const { value, duplicates } = parseConfiguration(body);
  const force = isTrue(query.get("force"));
  return applyObject(
    api.registry,
    { ...request, duplicateFields: duplicates },
    { configuration: value, force },
  );
}

function parseConfiguration(body: Body): ParsedBody<JsonObject> {
  const refused = (why: string) => new RequestError("BadRequest", `error decoding YAML: ${why}`);
  const { value, duplicates } = read(parseYaml, body, (why) =>
    refused(`error converting YAML to JSON: ${why}`),
  );
  const object = value === null ? {} : asObject(value);
  if (object !== undefined) return { value: object, duplicates };
  const why = `json: cannot unmarshal ${goKind(value)} into Go value of type ${goMap}`;
  throw refused(`error unmarshaling JSON: while decoding JSON: ${why}`);
}

function requireNoForce(query: URLSearchParams): void {
  if (!query.has("force")) return;
  const detail = "may not be specified for non-apply patch";
  throw invalidOptions("PatchOptions", { kind: "Forbidden", field: "force", detail });
}

/** As Kubernetes reads a boolean parameter: whatever says neither no nor nothing. */
function isTrue(value: string | null): boolean {
  return value !== null && !["false", "0"].includes(value);
}

function requireFieldManager(query: URLSearchParams): void {
  if (query.get("fieldManager")) return;
  const field = "fieldManager";
  const message = "Required value: is required for apply patch";
  const causes = [{ reason: "FieldValueRequired", message, field }];
  const text = `PatchOptions.meta.k8s.io "" is invalid: ${field}: ${message}`;
  throw new RequestError("Invalid", text, { group: "meta.k8s.io", kind: "PatchOptions", causes });
}

const maxOperations = 10_000;

function operations(value: JsonValue): readonly JsonObject[] {
  const items = Array.isArray(value) ? value.map(asObject) : [undefined];
  if (items.length > maxOperations) {
    const limit = `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${items.length}`;
    throw new RequestError("RequestEntityTooLarge", `Request entity too large: ${limit}`);
  }
  if (items.every((item) => item !== undefined)) return items;
  throw new RequestError("BadRequest", "a JSON patch must be a list of operations");
}
