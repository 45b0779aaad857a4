/** Patches of every kind: each works out the new object from the current one, and is then written like an update. */

import {
  type ApplyOutcome,
  applyConfiguration,
  type Conflict,
  conflictCause,
  conflictMessage,
  goText,
  jsonPatch,
  mergePatch,
  strategicMergePatch,
  strategicPatchFault,
  typedErrors,
} from "@lmos/field-management";
import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { asObject, formatTimestamp, type JsonObject, textAt, withMember } from "@lmos/primitives";
import { apiVersionOf, decodeError, type ResourceDefinition } from "@lmos/resource-definitions";
import { fieldErrorBody, formatFieldError } from "@lmos/structural-schema";
import { RequestError } from "../errors.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { complete, dropUnknown, fieldFaults, otherType, requireType } from "./admission.ts";
import type { RegistryContext, WriteRequest } from "./context.ts";
import { insertObject, requireNamespace, requireOpenNamespace, withIdentity } from "./create.ts";
import { conflict, invalid, notFound } from "./failures.ts";
import { addressOf, admitUpdate, mergeUpdate, requireName, requireObject, writeUpdate } from "./update.ts";
import { valueFor } from "./view.ts";

/** The body of a patch under the media type it came with. */
export type PatchBody =
  | { readonly kind: "json"; readonly operations: readonly JsonObject[] }
  | { readonly kind: "merge"; readonly patch: JsonObject }
  | { readonly kind: "strategic"; readonly patch: JsonObject };

/** What was written, and whether the object is new. */
export interface Patched {
  readonly stored: StoredObject;
  readonly created: boolean;
}

/** Patches an object. Throws `NotFound`, `Conflict`, `BadRequest`, `Invalid`. */
export function patchObject(context: RegistryContext, request: WriteRequest, body: PatchBody): Patched {
  const current = requireObject(context, request);
  const next = patchValue(request, valueFor(request.definition, current), body);
  requireReadable(request, next, body);
  return { stored: writeUpdate(context, request, { current, next }), created: false };
}

/** Throws `Invalid` if the patched value can't be read, or not strictly where that is asked for. */
function requireReadable(request: WriteRequest, next: JsonObject, body: PatchBody): void {
  const { definition, fieldValidation } = request;
  const faults = fieldValidation === "Strict" ? fieldFaults(request, next).faults : [];
  const strict = faults.length === 0 ? undefined : `strict decoding error: ${faults.join(", ")}`;
  const detail = unreadable(definition, next) ?? strict;
  if (detail === undefined) return;
  const value = body.kind === "strategic" ? goText(body.patch) : JSON.stringify(next);
  const error = { kind: "Invalid", field: "patch", value, detail } as const;
  const causes = [{ reason: "FieldValueInvalid", message: fieldErrorBody(error), field: "patch" }];
  throw new RequestError("Invalid", ` "" is invalid: ${formatFieldError(error)}`, { causes });
}

function unreadable(definition: ResourceDefinition, object: JsonObject): string | undefined {
  if (definition.origin === "custom" || definition.schema === undefined) return undefined;
  const isSame =
    (object["kind"] || definition.kind) === definition.kind &&
    (object["apiVersion"] || apiVersionOf(definition)) === apiVersionOf(definition);
  return isSame ? decodeError(definition.schema, object) : otherType(definition, object);
}

/** Works out the patched value. */
export function patchValue(request: WriteRequest, value: JsonObject, body: PatchBody): JsonObject {
  switch (body.kind) {
    case "json":
      return applyOperations(request, value, body.operations);
    case "merge":
      return mergePatch(value, body.patch);
    case "strategic":
      return strategicPatch(request, value, body.patch);
    default:
      return body satisfies never;
  }
}

function strategicPatch({ definition }: WriteRequest, value: JsonObject, patch: JsonObject): JsonObject {
  const fault = strategicPatchFault(patch, definition.schema);
  if (fault !== undefined) throw new RequestError("Unknown", fault);
  return strategicMergePatch(value, patch, definition.schema);
}

/**
 * Server-side apply: creates the object or merges the configuration into it.
 * Throws `Conflict` when others own fields that differ, unless `force`.
 */
export function applyObject(
  context: RegistryContext,
  request: WriteRequest,
  { configuration, force }: { readonly configuration: JsonObject; readonly force: boolean },
): Patched {
  const given = requireApplicable(request, configuration);
  const current = context.store.get(addressOf(request));
  if (current === undefined) return applyNew(context, request, given);
  const live = valueFor(request.definition, current);
  const applied = outcomeObject(
    applyConfiguration({ ...applicationOf(context, request), live, configuration: given, force }),
  );
  const next = withMetadata(applied, { name: request.name }); // metadata that nobody owns any longer goes as a whole
  const object = mergeUpdate({ ...request, fieldValidation: "Ignore" }, { current, next });
  return { stored: admitUpdate(context, request, { current, next: object }), created: false };
}

function applyNew(context: RegistryContext, request: WriteRequest, configuration: JsonObject): Patched {
  const { definition, name } = request;
  if (request.subresource !== undefined) throw notFound(definition, name);
  requireNewUid(request, textAt(metadataOf(configuration), "uid"));
  requireOpenNamespace(context, request, name);
  const application = { ...applicationOf(context, request), live: undefined, configuration, force: true };
  const applied = outcomeObject(applyConfiguration(application));
  requireNamespace(configuration, request.namespace);
  requireName(name, textAt(metadataOf(configuration), "name"));
  const identified = withIdentity(context, request, withMetadata(applied, { resourceVersion: undefined }));
  const object = complete({ ...request, fieldValidation: "Ignore" }, identified);
  return { stored: insertObject(context, request, object), created: true };
}

function requireNewUid({ definition, name }: WriteRequest, uid: string | undefined): void {
  if (!uid) return;
  const why = `the provided object specified uid ${uid}, and no existing object was found`;
  throw conflict(definition, name, `uid mismatch: ${why}`);
}

function applicationOf(context: RegistryContext, request: WriteRequest) {
  return {
    manager: request.fieldManager,
    subresource: request.subresource ?? "",
    schema: request.definition.schema,
    time: formatTimestamp(context.clock.now()),
  };
}

/** The configuration with its name; only its status (and type and name) for the status subresource. */
function requireApplicable(request: WriteRequest, configuration: JsonObject): JsonObject {
  const typed = requireAppliedType(request.definition, configuration);
  requireTyped(request, configuration);
  if (metadataOf(typed)["managedFields"] !== undefined) {
    throw new RequestError("BadRequest", "metadata.managedFields must be nil");
  }
  const given = textAt(metadataOf(typed), "name");
  if (given !== undefined && given !== request.name) {
    const message = `the name of the object (${given}) does not match the name on the URL (${request.name})`;
    throw new RequestError("BadRequest", message);
  }
  dropUnknown(request, typed); // there is nothing unknown, but what is given twice; what is empty is owned
  const { apiVersion = "", kind = "", status } = typed;
  const hasStatus = request.definition.subresources.status;
  if (request.subresource !== "status") return hasStatus ? withMember(typed, "status", undefined) : typed;
  return { apiVersion, kind, metadata: { name: request.name }, ...(status === undefined ? {} : { status }) };
}

/** A configuration says its type in full. Throws `BadRequest`. */
function requireAppliedType(definition: ResourceDefinition, configuration: JsonObject): JsonObject {
  const { apiVersion = "", kind = "" } = configuration;
  if (apiVersion === apiVersionOf(definition) && kind === definition.kind) {
    return requireType(definition, configuration);
  }
  const group = String(apiVersion).includes("/") || apiVersion === "" ? "" : "/";
  const type = `${apiVersion === "" ? "/" : `${group}${String(apiVersion)}`}, Kind=${String(kind)}`;
  throw new RequestError("BadRequest", `invalid object type: ${type}`);
}

/** Throws if the configuration has fields that are not described, or items that can't be told from each other. */
function requireTyped({ definition, name }: WriteRequest, configuration: JsonObject): void {
  const errors = definition.schema === undefined ? [] : typedErrors(definition.schema, configuration);
  if (errors.length === 0) return;
  const namespace = textAt(metadataOf(configuration), "namespace") ?? "";
  const what = `(${namespace}/${name}; ${definition.group}/${definition.version}, Kind=${definition.kind})`;
  const list = errors.length === 1 ? errors[0] : `errors:\n${errors.map((each) => `  ${each}`).join("\n")}`;
  throw new RequestError("Unknown", `failed to create typed patch object ${what}: ${list}`);
}

function outcomeObject(outcome: ApplyOutcome): JsonObject {
  if (outcome.kind === "applied") return outcome.object;
  throw applyConflict(outcome.conflicts);
}

function applyConflict(conflicts: readonly Conflict[]): RequestError {
  const causes = conflicts.map((conflict) => ({
    reason: "FieldManagerConflict",
    message: conflictCause(conflict),
    field: conflict.field,
  }));
  return new RequestError("Conflict", conflictMessage(conflicts), { causes });
}

function applyOperations(
  { definition, name }: WriteRequest,
  value: JsonObject,
  operations: readonly JsonObject[],
): JsonObject {
  const outcome = jsonPatch(value, operations);
  if (outcome.kind === "failed") {
    throw new RequestError("Invalid", "the server rejected our request due to an error in our request", {});
  }
  const patched = asObject(outcome.value);
  if (patched !== undefined) return patched;
  const detail = "the patched value is not an object";
  throw invalid(definition, name, [{ kind: "Invalid", field: "", value: outcome.value, detail }]);
}
