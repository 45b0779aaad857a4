import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt, objectAt, textAt, textMapAt } from "@lmos/primitives";

/** The finalizer in a namespace's spec: content is deleted before the namespace goes. */
const namespaceFinalizer = "kubernetes";

/** A namespace carries its name as a label, is held by its content, and is active until it is deleted. */
export function prepareNamespace(object: JsonObject, old: JsonObject | undefined): JsonObject {
  const metadata = metadataOf(object);
  const labels = {
    ...textMapAt(metadata, "labels"),
    "kubernetes.io/metadata.name": textAt(metadata, "name") ?? "",
  };
  const phase = metadata["deletionTimestamp"] === undefined ? "Active" : "Terminating";
  const spec = old === undefined ? { finalizers: [namespaceFinalizer] } : objectAt(old, "spec");
  const status = { ...objectAt(object, "status"), phase };
  return { ...withMetadata(object, { labels }), spec, status };
}

/** True until the content of the namespace is deleted. */
export function isHeldNamespace(namespace: JsonObject): boolean {
  return listAt(objectAt(namespace, "spec"), "finalizers").length > 0;
}

/** A namespace that is being deleted says so in its status. */
export function terminateNamespace(namespace: JsonObject): JsonObject {
  return { ...namespace, status: { ...objectAt(namespace, "status"), phase: "Terminating" } };
}
