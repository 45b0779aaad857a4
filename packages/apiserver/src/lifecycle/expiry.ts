/** Deletes objects of kinds that are kept for a while only: events, an hour after they were last written. */

import { metadataOf } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectsAt, textAt } from "@lmos/primitives";
import { allOf, type RegistryContext } from "../registry/context.ts";
import { strategyOf } from "../registry/strategy.ts";
import { storageResource } from "../registry/view.ts";
import { deleteOwn } from "./own-requests.ts";

/** Deletes what is older than its kind's strategy says. */
export function deleteExpired(registry: RegistryContext): void {
  for (const definition of registry.catalogue.all()) {
    const { keepMs } = strategyOf(definition);
    if (keepMs === undefined) continue;
    const expired = allOf(registry.store, storageResource(definition)).filter(
      (stored) => lastWriteMs(stored.value()) < registry.clock.now() - keepMs,
    );
    for (const { resource, namespace, name } of expired) deleteOwn(registry, { resource, namespace, name });
  }
}

function lastWriteMs(object: JsonObject): number {
  const metadata = metadataOf(object);
  const writes = objectsAt(metadata, "managedFields").map((entry) => textAt(entry, "time"));
  return Math.max(
    ...[textAt(metadata, "creationTimestamp"), ...writes].map((time) => Date.parse(time ?? "") || 0),
  );
}
