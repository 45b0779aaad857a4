/** What the server does by itself, beside answering requests. */
import type { Logger } from "@lmos/primitives";
import { asObject } from "../json-access.ts";
import type { RegistryContext } from "../registry/context.ts";
import { allOf } from "../registry/context.ts";
import { createObject } from "../registry/create.ts";
import { customResourceDefinition } from "../schema/custom-resource-definition.ts";
import type { Change, StoredObject } from "../storage/stored-object.ts";

/** What the lifecycle works with. */
export interface LifecycleOptions {
  readonly registry: RegistryContext;
  readonly logger: Logger;
}

const definitionsResource = "customresourcedefinitions.apiextensions.k8s.io";
const firstNamespaces = ["default", "kube-system", "kube-public"];

/** Makes the first namespaces, keeps the catalogue in step with the CustomResourceDefinitions. */
export function startLifecycle({ registry }: LifecycleOptions): Disposable {
  const { store } = registry;
  const unsubscribe = store.subscribe((change) => followDefinition(registry, change));
  for (const stored of allOf(store, definitionsResource)) serve(registry, stored);
  for (const name of firstNamespaces) ensureNamespace(registry, name);
  return { [Symbol.dispose]: () => unsubscribe() };
}

function followDefinition(registry: RegistryContext, { type, object }: Change): void {
  if (object.resource !== definitionsResource) return;
  if (type === "deleted") registry.catalogue.setCustom(object.name, []);
  else serve(registry, object);
}

function serve({ catalogue }: RegistryContext, stored: StoredObject): void {
  const read = customResourceDefinition(asObject(stored.value()) ?? {});
  catalogue.setCustom(stored.name, read.kind === "defined" ? read.definitions : []);
}

function ensureNamespace(registry: RegistryContext, name: string): void {
  if (registry.store.get({ resource: "namespaces", namespace: "", name }) !== undefined) return;
  const definition = registry.catalogue.find("", "v1", "namespaces");
  if (definition === undefined) return;
  const request = {
    definition,
    namespace: "",
    name: "",
    subresource: undefined,
    dryRun: false,
    fieldManager: "lmos-apiserver",
    fieldValidation: "Ignore",
    duplicateFields: [],
    warn: () => undefined,
  } as const;
  createObject(registry, request, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}
