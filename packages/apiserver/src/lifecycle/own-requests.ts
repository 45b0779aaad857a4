/** Writes that the server makes by itself, through the same operations as those of clients. */
import type { JsonObject } from "@lmos/primitives";
import type { ResourceDefinition } from "@lmos/resource-definitions";
import type { RegistryContext, WriteRequest } from "../registry/context.ts";
import { type DeleteOptions, deleteObject } from "../registry/delete.ts";
import { commitUpdate } from "../registry/update.ts";
import { storageResource, valueFor } from "../registry/view.ts";
import type { ObjectAddress, StoredObject } from "../storage/stored-object.ts";

const background: DeleteOptions = { uid: undefined, resourceVersion: undefined, propagation: "Background" };

/** A write by the server about an object (or, without a name, a new one). */
export function ownRequest(
  definition: ResourceDefinition,
  { namespace, name }: Pick<ObjectAddress, "namespace" | "name">,
): WriteRequest {
  return {
    definition,
    namespace,
    name,
    subresource: undefined,
    dryRun: false,
    fieldManager: "lmos-apiserver",
    fieldValidation: "Ignore",
    duplicateFields: [],
    warn: () => undefined,
  };
}

/** The definition under which a stored object is written: of several versions any will do. */
export function definitionOf(
  { catalogue }: RegistryContext,
  { resource }: ObjectAddress,
): ResourceDefinition | undefined {
  return catalogue.all().find((definition) => storageResource(definition) === resource);
}

/** Deletes an object if it is still there. */
export function deleteOwn(
  registry: RegistryContext,
  address: ObjectAddress,
  propagation: DeleteOptions["propagation"] = "Background",
): void {
  const definition = definitionOf(registry, address);
  if (definition === undefined || registry.store.get(address) === undefined) return;
  deleteObject(registry, ownRequest(definition, address), { ...background, propagation });
  registry.store.flush(); // a failure is this piece of work's
}

/** Changes an object as it is stored, past validation: finalizers and owners, which no schema speaks of. */
export function rewriteOwn(
  registry: RegistryContext,
  current: StoredObject,
  change: (value: JsonObject) => JsonObject,
): void {
  const definition = definitionOf(registry, current);
  if (definition === undefined) return;
  const next = change(valueFor(definition, current));
  commitUpdate(registry, ownRequest(definition, current), { current, next });
  registry.store.flush();
}
