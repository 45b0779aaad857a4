/** Deletes what is inside a namespace, or of a custom kind, before the namespace or the definition itself goes. */
import { metadataOf } from "@lmos/kubernetes-syntax";
import { objectAt, textsAt } from "@lmos/primitives";
import { allOf, type RegistryContext } from "../registry/context.ts";
import { customResourceFinalizer } from "../registry/kinds/custom-resource-definition.ts";
import { storageResource } from "../registry/view.ts";
import type { ObjectAddress, StoredObject } from "../storage/stored-object.ts";
import { withoutFinalizer } from "./garbage-collector.ts";
import { deleteOwn, rewriteOwn } from "./own-requests.ts";

/** Name of the resource of the definitions. */
export const definitionsResource = "customresourcedefinitions.apiextensions.k8s.io";

/** Deletes the content of a namespace that is being deleted; releases the namespace when it is empty. */
export function emptyNamespace(registry: RegistryContext, name: string): void {
  const namespace = registry.store.get({ resource: "namespaces", namespace: "", name });
  if (namespace === undefined || !isDeleting(namespace)) return;
  const resources = new Set(
    registry.catalogue
      .all()
      .filter((each) => each.namespaced)
      .map(storageResource),
  );
  const contents = (): readonly StoredObject[] =>
    [...resources].flatMap((each) => allOf(registry.store, each, name));
  deleteAll(registry, contents());
  if (contents().length > 0) return;
  rewriteOwn(registry, namespace, (value) => ({
    ...value,
    spec: { ...objectAt(value, "spec"), finalizers: [] },
  }));
}

/** Deletes the objects of a definition that is being deleted; releases the definition when none is left. */
export function emptyDefinition(registry: RegistryContext, name: string): void {
  const definition = registry.store.get({ resource: definitionsResource, namespace: "", name });
  if (definition === undefined || !isDeleting(definition)) return;
  if (!textsAt(metadataOf(definition.value()), "finalizers").includes(customResourceFinalizer)) return;
  deleteAll(registry, allOf(registry.store, name));
  if (allOf(registry.store, name).length > 0) return;
  rewriteOwn(registry, definition, (value) => withoutFinalizer(value, customResourceFinalizer));
}

function deleteAll(registry: RegistryContext, objects: readonly ObjectAddress[]): void {
  for (const { resource, namespace, name } of objects) deleteOwn(registry, { resource, namespace, name });
}

function isDeleting(object: StoredObject): boolean {
  return metadataOf(object.value())["deletionTimestamp"] !== undefined;
}
