/**
 * Owner references: an object whose owners are all gone is deleted; an owner that is deleted in the foreground waits
 * for the dependents that block it; one whose dependents are orphaned first leaves them.
 */

import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt, objectsAt, textAt, textsAt } from "@lmos/primitives";
import { apiVersionOf } from "@lmos/resource-definitions";
import type { RegistryContext } from "../registry/context.ts";
import { foregroundFinalizer, orphanFinalizer } from "../registry/delete.ts";
import { storageResource } from "../registry/view.ts";
import type { Change, ObjectAddress, StoredObject } from "../storage/stored-object.ts";
import { deleteOwn, rewriteOwn } from "./own-requests.ts";
import type { WorkLoop } from "./work-loop.ts";

/** Adds the work that a change calls for. */
export function collectAfter(registry: RegistryContext, loop: WorkLoop, { type, object }: Change): void {
  const metadata = metadataOf(object.value());
  if (listAt(metadata, "ownerReferences").length > 0) {
    if (type === "deleted") addOwners(registry, loop, object);
    else loop.add(`dependent ${keyOf(object)}`, () => collectDependent(registry, object));
  }
  if (type === "deleted") addDependents(registry, loop, textAt(metadata, "uid") ?? "");
  else if (isHeld(object)) loop.add(`owner ${keyOf(object)}`, () => releaseOwner(registry, loop, object));
}

/** Adds everything that may have been left undone when the server last stopped. */
export function collectAtStart(registry: RegistryContext, loop: WorkLoop): void {
  for (const address of registry.store.allOwned()) {
    loop.add(`dependent ${keyOf(address)}`, () => collectDependent(registry, address));
  }
}

function addDependents(registry: RegistryContext, loop: WorkLoop, uid: string): void {
  for (const address of registry.store.ownedBy(uid)) {
    loop.add(`dependent ${keyOf(address)}`, () => collectDependent(registry, address));
  }
}

/** Owners that wait for their dependents look again when one of those is gone. */
function addOwners(registry: RegistryContext, loop: WorkLoop, dependent: StoredObject): void {
  for (const reference of ownersOf(dependent.value())) {
    const owner = findOwner(registry, dependent, reference);
    if (owner !== undefined && owner !== "unknown" && isHeld(owner)) {
      loop.add(`owner ${keyOf(owner)}`, () => releaseOwner(registry, loop, owner));
    }
  }
}

/** Deletes an object if none of its owners exists any longer, or one that is deleted in the foreground waits for it. */
function collectDependent(registry: RegistryContext, address: ObjectAddress): void {
  const dependent = registry.store.get(address);
  if (dependent === undefined || isDeleting(dependent)) return;
  const owners = ownersOf(dependent.value()).map((reference) => findOwner(registry, dependent, reference));
  const living = owners.filter((owner) => owner !== undefined);
  if (owners.length === 0 || living.includes("unknown")) return;
  const waited = living.some(
    (owner) => owner !== "unknown" && finalizersOf(owner).includes(foregroundFinalizer),
  );
  const solid = living.filter((owner) => owner !== "unknown" && !isDeleting(owner));
  if (living.length === 0) deleteOwn(registry, address);
  else if (waited && solid.length === 0) deleteOwn(registry, address, "Foreground");
  else if (living.length < owners.length) rewriteOwn(registry, dependent, withoutGoneOwners(owners));
}

/** Leaves out the references whose owners, given in the same order, are gone. */
function withoutGoneOwners(owners: readonly unknown[]): (object: JsonObject) => JsonObject {
  return (object) =>
    withMetadata(object, {
      ownerReferences: ownersOf(object).filter((_, index) => owners[index] !== undefined),
    });
}

/** Takes the collector's finalizer off an owner that is being deleted, once its dependents allow. */
function releaseOwner(registry: RegistryContext, loop: WorkLoop, address: ObjectAddress): void {
  const owner = registry.store.get(address);
  if (owner === undefined || !isHeld(owner)) return;
  const uid = textAt(metadataOf(owner.value()), "uid") ?? "";
  const dependents = registry.store.ownedBy(uid).flatMap((each) => registry.store.get(each) ?? []);
  const finalizers = finalizersOf(owner);
  if (finalizers.includes(orphanFinalizer)) {
    for (const dependent of dependents) rewriteOwn(registry, dependent, (value) => withoutOwner(value, uid));
    rewriteOwn(registry, owner, (value) => withoutFinalizer(value, orphanFinalizer));
    return;
  }
  if (!dependents.some((dependent) => blocks(dependent, uid))) {
    rewriteOwn(registry, owner, (value) => withoutFinalizer(value, foregroundFinalizer));
    return;
  }
  addDependents(registry, loop, uid);
}

/** The object without one of its finalizers. */
export function withoutFinalizer(object: JsonObject, finalizer: string): JsonObject {
  const left = textsAt(metadataOf(object), "finalizers").filter((each) => each !== finalizer);
  return withMetadata(object, { finalizers: left.length === 0 ? undefined : left });
}

function withoutOwner(object: JsonObject, uid: string): JsonObject {
  const left = ownersOf(object).filter((reference) => reference["uid"] !== uid);
  return withMetadata(object, { ownerReferences: left.length === 0 ? undefined : left });
}

/** The owner that a reference means; `unknown` if its kind is not served, so that nobody can tell. */
function findOwner(
  registry: RegistryContext,
  dependent: StoredObject,
  reference: JsonObject,
): StoredObject | "unknown" | undefined {
  const definition = registry.catalogue
    .all()
    .find((each) => each.kind === reference["kind"] && apiVersionOf(each) === reference["apiVersion"]);
  if (definition === undefined) return "unknown";
  const namespace = definition.namespaced ? dependent.namespace : "";
  const name = textAt(reference, "name") ?? "";
  const found = registry.store.get({ resource: storageResource(definition), namespace, name });
  return found !== undefined && metadataOf(found.value())["uid"] === reference["uid"] ? found : undefined;
}

function blocks(dependent: StoredObject, uid: string): boolean {
  return ownersOf(dependent.value()).some(
    (reference) => reference["uid"] === uid && reference["blockOwnerDeletion"] === true,
  );
}

function ownersOf(object: JsonObject): readonly JsonObject[] {
  return objectsAt(metadataOf(object), "ownerReferences");
}

function finalizersOf(object: StoredObject): readonly string[] {
  return textsAt(metadataOf(object.value()), "finalizers");
}

function isDeleting(object: StoredObject): boolean {
  return metadataOf(object.value())["deletionTimestamp"] !== undefined;
}

function isHeld(object: StoredObject): boolean {
  const finalizers = finalizersOf(object);
  return (
    isDeleting(object) && (finalizers.includes(foregroundFinalizer) || finalizers.includes(orphanFinalizer))
  );
}

function keyOf({ resource, namespace, name }: ObjectAddress): string {
  return `${resource} ${namespace}/${name}`;
}
