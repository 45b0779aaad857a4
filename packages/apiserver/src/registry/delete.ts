/** Deletes objects: at once, or by marking them when a finalizer, a dependent or a namespace's content holds them. */

import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { formatTimestamp, type JsonObject, textAt, textsAt } from "@lmos/primitives";
import { type StoredObject, storedObject } from "../storage/stored-object.ts";
import type { RegistryContext, WriteRequest } from "./context.ts";
import { conflict, forbidden } from "./failures.ts";
import { type Strategy, strategyOf } from "./strategy.ts";
import { addressOf, isReleased, requireObject } from "./update.ts";

/** What `DeleteOptions` ask for. */
export interface DeleteOptions {
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  /** Dependents go first, go later, or stay without their owner. */
  readonly propagation: "Foreground" | "Background" | "Orphan";
}

/** What became of the object. */
export type Deletion =
  | { readonly kind: "deleted"; readonly object: StoredObject }
  /** Marked, and gone when nothing holds it any longer. */
  | { readonly kind: "pending"; readonly object: StoredObject };

/** Finalizers that the garbage collector takes care of. */
export const foregroundFinalizer = "foregroundDeletion";
export const orphanFinalizer = "orphan";

/** Deletes the object that the request names. Throws `NotFound`, `Conflict`. */
export function deleteObject(
  context: RegistryContext,
  request: WriteRequest,
  options: DeleteOptions,
): Deletion {
  if (strategyOf(request.definition).undeletable?.includes(request.name) === true) {
    const why = `this ${request.definition.singular} may not be deleted`;
    throw forbidden(request.definition, request.name, why);
  }
  const current = requireObject(context, request);
  requirePreconditions(request, current, options);
  const marked = mark(context, request, { object: current.value(), options });
  if (isReleased(request.definition, marked)) {
    const object = request.dryRun ? current : context.store.remove(addressOf(request), current.value());
    return { kind: "deleted", object };
  }
  if (marked === current.value()) return { kind: "pending", object: current };
  if (request.dryRun) {
    return { kind: "pending", object: storedObject({ ...current, text: JSON.stringify(marked) }, marked) };
  }
  return { kind: "pending", object: context.store.put(addressOf(request), marked) };
}

function requirePreconditions(request: WriteRequest, current: StoredObject, options: DeleteOptions): void {
  const { definition, name } = request;
  const byKind = { ...definition, plural: definition.kind }; // as Kubernetes has it in this one case
  const { uid = "", resourceVersion = "" } = textsOf(metadataOf(current.value()));
  if (options.uid !== undefined && options.uid !== uid) {
    const why = `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(byKind, name, why);
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw conflict(byKind, name, why);
  }
}

function textsOf(metadata: JsonObject): { readonly uid?: string; readonly resourceVersion?: string } {
  return { uid: textAt(metadata, "uid") ?? "", resourceVersion: textAt(metadata, "resourceVersion") ?? "" };
}

/** The object with its time of deletion and with the finalizers that the kind and the way of propagation call for. */
function mark(
  { clock }: RegistryContext,
  { definition }: WriteRequest,
  { object, options }: { readonly object: JsonObject; readonly options: DeleteOptions },
): JsonObject {
  const strategy = strategyOf(definition);
  const metadata = metadataOf(object);
  const before = textsAt(metadata, "finalizers");
  const finalizers = [...new Set([...before, ...finalizersFor(strategy, options)])];
  const isMarked = metadata["deletionTimestamp"] !== undefined;
  if (isMarked && finalizers.length === before.length) return object;
  const generation = metadata["generation"];
  const marked = withMetadata(object, {
    deletionTimestamp: metadata["deletionTimestamp"] ?? formatTimestamp(clock.now()),
    deletionGracePeriodSeconds: emptiesFirst(strategy) ? undefined : 0,
    finalizers: finalizers.length === 0 ? undefined : finalizers,
    ...(typeof generation === "number" && !isMarked ? { generation: generation + 1 } : {}),
  });
  return strategy.markDeleted?.(marked) ?? marked;
}

/** Namespaces and definitions, which are emptied before they go, have no time of grace. */
function emptiesFirst({ finalizer, markDeleted }: Strategy): boolean {
  return finalizer !== undefined || markDeleted !== undefined;
}

function finalizersFor({ finalizer }: Strategy, { propagation }: DeleteOptions): readonly string[] {
  if (finalizer !== undefined) return [finalizer];
  if (propagation === "Foreground") return [foregroundFinalizer];
  return propagation === "Orphan" ? [orphanFinalizer] : [];
}
