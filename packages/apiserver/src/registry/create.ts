import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { formatTimestamp, type JsonObject, objectAt, textAt, withMember } from "@lmos/primitives";
import { RequestError } from "../errors.ts";
import { type StoredObject, storedObject } from "../storage/stored-object.ts";
import { admit, complete, requireType } from "./admission.ts";
import type { RegistryContext, WriteRequest } from "./context.ts";
import { alreadyExists, forbidden, notFound } from "./failures.ts";
import { recordWrite } from "./field-managers.ts";
import { generatedName } from "./names.ts";
import { strategyOf } from "./strategy.ts";
import { storageResource, toStored } from "./view.ts";

/** Creates an object. Throws `AlreadyExists`, `NotFound` (namespace), `Forbidden`, `BadRequest`, `Invalid`. */
export function createObject(
  context: RegistryContext,
  request: WriteRequest,
  body: JsonObject,
): StoredObject {
  const typed = requireType(request.definition, body);
  const named = withIdentity(context, request, typed);
  requireOpenNamespace(context, request, textAt(metadataOf(named), "name") ?? "");
  const object = recordWrite(context, request, { object: complete(request, named), old: undefined });
  return insertObject(context, request, object);
}

/** Admits and stores a new object that is complete. Throws `AlreadyExists`, `Invalid`. */
export function insertObject(
  context: RegistryContext,
  request: WriteRequest,
  object: JsonObject,
): StoredObject {
  const { definition, namespace } = request;
  const name = textAt(metadataOf(object), "name") ?? "";
  const address = { resource: storageResource(definition), namespace, name };
  if (context.store.get(address) !== undefined) throw alreadyExists(definition, name);
  const stored = toStored(definition, admit(context, request, { object, old: undefined }));
  if (!request.dryRun) return context.store.put(address, stored);
  return storedObject({ ...address, revision: 0, labels: {}, text: JSON.stringify(stored) }, stored);
}

/** What the server alone decides about a new object: name from `generateName`, uid, time, generation, no status. */
export function withIdentity(
  context: RegistryContext,
  { definition, namespace }: WriteRequest,
  object: JsonObject,
): JsonObject {
  const metadata = metadataOf(object);
  if (metadata["resourceVersion"]) {
    throw new RequestError("Unknown", "resourceVersion should not be set on objects to be created");
  }
  const base = textAt(metadata, "generateName");
  const name = textAt(metadata, "name") || (base ? generatedName(base, context.random) : undefined);
  const identified = withMetadata(requireNamespace(object, namespace), {
    name,
    namespace: namespace === "" ? undefined : namespace,
    uid: context.ids.next(),
    creationTimestamp: formatTimestamp(context.clock.now()),
    generation: strategyOf(definition).hasGeneration ? 1 : undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    resourceVersion: undefined,
    selfLink: undefined,
  });
  return definition.subresources.status ? withMember(identified, "status", undefined) : identified;
}

/** Throws `BadRequest` if the object names another namespace than the path. */
export function requireNamespace(object: JsonObject, namespace: string): JsonObject {
  const given = textAt(metadataOf(object), "namespace");
  if (!given || given === namespace) return object;
  const message = "the namespace of the provided object does not match the namespace sent on the request";
  throw new RequestError("BadRequest", message);
}

/** Throws unless the namespace of the request exists and takes new content. */
export function requireOpenNamespace(context: RegistryContext, request: WriteRequest, name: string): void {
  const { definition, namespace } = request;
  if (namespace === "") return;
  const found = context.store.get({ resource: "namespaces", namespace: "", name: namespace });
  if (found === undefined) throw notFound({ group: "", plural: "namespaces", kind: "Namespace" }, namespace);
  if (objectAt(found.value(), "status")["phase"] !== "Terminating") return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const error = forbidden(definition, name, why);
  const message = `namespace ${namespace} is being terminated`;
  const causes = [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }];
  throw new RequestError("Forbidden", error.message, { ...error.status, causes });
}
