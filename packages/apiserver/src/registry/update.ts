/** Replaces an object, or its status, under optimistic concurrency. Patches end here too. */
import { isDeepStrictEqual } from "node:util";
import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt, objectsAt, textAt, textsAt, withMember } from "@lmos/primitives";
import type { ResourceDefinition } from "@lmos/resource-definitions";
import type { FieldError } from "@lmos/structural-schema";
import { RequestError } from "../errors.ts";
import { type ObjectAddress, type StoredObject, storedObject } from "../storage/stored-object.ts";
import { admit, complete, requireType } from "./admission.ts";
import type { RegistryContext, WriteRequest } from "./context.ts";
import { requireNamespace } from "./create.ts";
import { conflict, notFound, requireValid } from "./failures.ts";
import { recordWrite } from "./field-managers.ts";
import { strategyOf } from "./strategy.ts";
import { storageResource, toStored, valueFor } from "./view.ts";

/** Why a write that was made on an old state is refused. */
const staleWrite =
  "the object has been modified; please apply your changes to the latest version and try again";

/** Replaces an object with the body. Throws `NotFound`, `Conflict`, `BadRequest`, `Invalid`. */
export function replaceObject(
  context: RegistryContext,
  request: WriteRequest,
  body: JsonObject,
): StoredObject {
  const { definition, name } = request;
  const typed = requireType(definition, body);
  const current = requireObject(context, request);
  if (strategyOf(definition).needsVersion === true && !metadataOf(typed)["resourceVersion"]) {
    const detail = "must be specified for an update";
    const kind = definition.plural; // as Kubernetes has it in this one case
    requireValid({ ...definition, kind }, name, [
      { kind: "Invalid", field: "metadata.resourceVersion", value: 0, detail },
    ]);
  }
  requireSameUid(request, metadataOf(typed)["uid"], metadataOf(current.value())["uid"]);
  return writeUpdate(context, request, { current, next: typed });
}

/** The uid that a whole object names is a precondition. */
function requireSameUid({ definition, name }: WriteRequest, given: unknown, known: unknown): void {
  if (!given || given === known) return;
  const uids = `UID in precondition: ${String(given)}, UID in object meta: ${String(known)}`;
  throw conflict(definition, name, `Precondition failed: ${uids}`);
}

/** The object that a request names. Throws `NotFound`. */
export function requireObject(context: RegistryContext, request: WriteRequest): StoredObject {
  const found = context.store.get(addressOf(request));
  if (found === undefined) throw notFound(request.definition, request.name);
  return found;
}

/** Where the object of a request is stored. */
export function addressOf({ definition, namespace, name }: WriteRequest): ObjectAddress {
  return { resource: storageResource(definition), namespace, name };
}

/** A current state and what it is to become. */
export interface Update {
  readonly current: StoredObject;
  readonly next: JsonObject;
}

/** Writes `next` in place of `current`; does nothing if they are the same. */
export function writeUpdate(context: RegistryContext, request: WriteRequest, update: Update): StoredObject {
  const old = valueFor(request.definition, update.current);
  const object = recordWrite(context, request, { object: mergeUpdate(request, update), old });
  return admitUpdate(context, request, { current: update.current, next: object });
}

/** What a client wants, complete, with all that it can't decide put right. Throws `Conflict`, `BadRequest`. */
export function mergeUpdate(request: WriteRequest, { current, next }: Update): JsonObject {
  const old = valueFor(request.definition, current);
  requireSameObject(request, old, next);
  return complete(request, keepServerFields(request, old, next));
}

/** Admits and stores an object that is complete. Throws `Invalid`. */
export function admitUpdate(
  context: RegistryContext,
  request: WriteRequest,
  { current, next }: Update,
): StoredObject {
  const old = valueFor(request.definition, current);
  const admitted = admit(context, request, { object: next, old });
  requireNoNewFinalizers(request, old, admitted);
  return commitUpdate(context, request, { current, next: withGeneration(request.definition, old, admitted) });
}

/** Stores the new state of an object; an object that only waited for its last finalizer is deleted instead. */
export function commitUpdate(
  context: RegistryContext,
  request: WriteRequest,
  { current, next }: Update,
): StoredObject {
  const address = addressOf(request);
  const state = toStored(request.definition, next);
  if (isDeepStrictEqual(withoutTimes(state), withoutTimes(current.value()))) return current;
  if (request.dryRun) {
    return storedObject({ ...current, text: JSON.stringify(state) }, state);
  }
  if (!isReleased(request.definition, state)) return context.store.put(address, state);
  const { revision } = context.store.remove(address, current.value()); // watchers see it as it last was
  return storedObject({ ...current, revision, text: JSON.stringify(state) }, state);
}

/** True if the object is being deleted and nothing holds it any longer. */
export function isReleased(definition: ResourceDefinition, object: JsonObject): boolean {
  const metadata = metadataOf(object);
  if (metadata["deletionTimestamp"] === undefined || listAt(metadata, "finalizers").length > 0) return false;
  return strategyOf(definition).isHeld?.(object) !== true;
}

function requireSameObject(request: WriteRequest, old: JsonObject, next: JsonObject): void {
  const { definition, name } = request;
  const before = metadataOf(old);
  const given = metadataOf(requireNamespace(next, request.namespace));
  requireName(name, textAt(given, "name"));
  if (given["name"] !== name) {
    const message = `the name of the object (${String(given["name"])}) does not match the name on the URL (${name})`;
    throw new RequestError("BadRequest", message);
  }
  requireUnchanged(request, "uid", { before, given });
  requireUnchanged(request, "deletionTimestamp", { before, given });
  const version = given["resourceVersion"];
  if (typeof version === "string" && !/^\d*$/.test(version)) {
    throw new RequestError(
      "Unknown",
      `strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`,
    );
  }
  if (version && version !== before["resourceVersion"]) throw conflict(definition, name, staleWrite);
}

/** Throws `BadRequest` unless an object says its name. */
export function requireName(name: string, given: string | undefined): void {
  if (given) return;
  const message = `the name of the object (${name} based on URL) was undeterminable: name must be provided`;
  throw new RequestError("BadRequest", message);
}

function requireUnchanged(
  { definition, name }: WriteRequest,
  member: string,
  { before, given }: { readonly before: JsonObject; readonly given: JsonObject },
): void {
  const value = given[member];
  if (!value || value === before[member]) return;
  const field = `metadata.${member}`;
  requireValid(definition, name, twice({ kind: "Invalid", field, value, detail: "field is immutable" }));
}

/** Kubernetes looks at the metadata of an update twice, and tells what it finds twice. */
function twice(error: FieldError): readonly FieldError[] {
  return [error, error];
}

/** What a write can't change: identity, times, and the half of the object that belongs to the other path. */
function keepServerFields(request: WriteRequest, old: JsonObject, next: JsonObject): JsonObject {
  const before = metadataOf(old);
  const hasStatus = request.definition.subresources.status;
  if (request.subresource === "status") {
    const managedFields = metadataOf(next)["managedFields"];
    return withMetadata({ ...withMember(old, "status", next["status"]) }, { managedFields });
  }
  const object = hasStatus ? withMember(next, "status", old["status"]) : next;
  const kept = [
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "resourceVersion",
  ];
  return withMetadata(object, {
    ...Object.fromEntries(kept.map((key) => [key, before[key]])),
    selfLink: undefined,
  });
}

function requireNoNewFinalizers({ definition, name }: WriteRequest, old: JsonObject, next: JsonObject): void {
  if (metadataOf(old)["deletionTimestamp"] === undefined) return;
  const before = textsAt(metadataOf(old), "finalizers");
  const added = textsAt(metadataOf(next), "finalizers").filter((finalizer) => !before.includes(finalizer));
  if (added.length === 0) return;
  const list = added.map((finalizer) => JSON.stringify(finalizer)).join(", ");
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  requireValid(definition, name, twice({ kind: "Forbidden", field: "metadata.finalizers", detail }));
}

/** Counts a change of what is wanted: all but metadata and, where it has a path of its own, status. */
function withGeneration(definition: ResourceDefinition, old: JsonObject, next: JsonObject): JsonObject {
  if (!strategyOf(definition).hasGeneration) return next;
  const hasStatus = definition.subresources.status;
  if (isDeepStrictEqual(wanted(old, hasStatus), wanted(next, hasStatus))) return next;
  return withMetadata(next, { generation: Number(metadataOf(old)["generation"] ?? 0) + 1 });
}

function wanted(object: JsonObject, hasStatus: boolean): JsonObject {
  const { metadata: _metadata, ...rest } = object;
  return hasStatus ? withMember(rest, "status", undefined) : rest;
}

/** The object without the times of its field managers, which alone make no difference. */
function withoutTimes(object: JsonObject): JsonObject {
  const managers = objectsAt(metadataOf(object), "managedFields");
  const managedFields = managers.map((manager) => ({ ...manager, time: "" }));
  return withMetadata(object, { managedFields, resourceVersion: undefined });
}
