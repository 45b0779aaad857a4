/** What the server does by itself, beside answering requests. */

import { metadataOf } from "@lmos/kubernetes-syntax";
import type { Logger } from "@lmos/primitives";
import { customResourceDefinition } from "@lmos/resource-definitions";
import { allOf, type RegistryContext } from "../registry/context.ts";
import { createObject } from "../registry/create.ts";
import { isEstablished } from "../registry/kinds/custom-resource-definition.ts";
import type { Change, StoredObject } from "../storage/stored-object.ts";
import { Compactor, type Retention } from "./compaction.ts";
import { definitionsResource, emptyDefinition, emptyNamespace } from "./content-deletion.ts";
import { deleteExpired } from "./expiry.ts";
import { collectAfter, collectAtStart } from "./garbage-collector.ts";
import { eachMinute } from "./housekeeping.ts";
import { ownRequest } from "./own-requests.ts";
import { WorkLoop } from "./work-loop.ts";

/** What the lifecycle works with. */
export interface LifecycleOptions {
  readonly registry: RegistryContext;
  readonly retention: Retention;
  readonly logger: Logger;
}

const firstNamespaces = ["default", "kube-system", "kube-public"];

/**
 * Makes the first namespaces, serves what the CustomResourceDefinitions define, and from then on follows every change:
 * garbage collection, deletion of namespaces and definitions with their content, expiry, compaction.
 */
export function startLifecycle({ registry, retention, logger }: LifecycleOptions): AsyncDisposable {
  const { store, clock } = registry;
  const loop = new WorkLoop(logger);
  const stop = new AbortController();
  const unsubscribe = store.subscribe((change) => follow(registry, loop, change));
  for (const stored of allOf(store, definitionsResource)) serve(registry, stored);
  for (const name of firstNamespaces) ensureNamespace(registry, name);
  resume(registry, loop);
  const compactor = new Compactor({ store, clock, retention });
  const tidy = (): void => {
    compactor.compactByAge();
    deleteExpired(registry);
  };
  const housekeeping = eachMinute(clock, () => loop.add("housekeeping", tidy), stop);
  return {
    [Symbol.asyncDispose]: async () => {
      unsubscribe();
      stop.abort();
      await housekeeping;
      compactor[Symbol.dispose]();
      await loop[Symbol.asyncDispose]();
    },
  };
}

function follow(registry: RegistryContext, loop: WorkLoop, change: Change): void {
  const { type, object } = change;
  const { resource, namespace, name } = object;
  if (resource === definitionsResource) followDefinition(registry, change);
  collectAfter(registry, loop, change);
  if (type === "deleted") addContentWork(registry, loop, { resource, namespace });
  else if (isDeleting(object)) addDeletion(registry, loop, { resource, name });
}

/** Takes up what was under way when the server last stopped. */
function resume(registry: RegistryContext, loop: WorkLoop): void {
  collectAtStart(registry, loop);
  for (const resource of ["namespaces", definitionsResource]) {
    const deleting = allOf(registry.store, resource).filter(isDeleting);
    for (const { name } of deleting) addDeletion(registry, loop, { resource, name });
  }
}

/** The deletion of an object may be what its namespace or its definition waited for. */
function addContentWork(
  registry: RegistryContext,
  loop: WorkLoop,
  { resource, namespace }: { readonly resource: string; readonly namespace: string },
): void {
  if (namespace !== "") addDeletion(registry, loop, { resource: "namespaces", name: namespace });
  addDeletion(registry, loop, { resource: definitionsResource, name: resource });
}

function addDeletion(
  registry: RegistryContext,
  loop: WorkLoop,
  { resource, name }: { readonly resource: string; readonly name: string },
): void {
  if (resource === "namespaces") loop.add(`namespace ${name}`, () => emptyNamespace(registry, name));
  if (resource === definitionsResource) loop.add(`definition ${name}`, () => emptyDefinition(registry, name));
}

function followDefinition(registry: RegistryContext, { type, object }: Change): void {
  if (type === "deleted") registry.catalogue.setCustom(object.name, []);
  else serve(registry, object);
}

function serve({ catalogue }: RegistryContext, stored: StoredObject): void {
  const read = customResourceDefinition(stored.value());
  const isServed = read.kind === "defined" && isEstablished(stored.value());
  const definitions = isServed ? read.definitions : [];
  catalogue.setCustom(
    stored.name,
    definitions.map((each) => ({ ...each, since: stored.revision })),
  );
}

function ensureNamespace(registry: RegistryContext, name: string): void {
  if (registry.store.get({ resource: "namespaces", namespace: "", name }) !== undefined) return;
  const definition = registry.catalogue.find("", "v1", "namespaces");
  if (definition === undefined) return;
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  createObject(registry, ownRequest(definition, { namespace: "", name: "" }), body);
}

function isDeleting(object: StoredObject): boolean {
  return metadataOf(object.value())["deletionTimestamp"] !== undefined;
}
