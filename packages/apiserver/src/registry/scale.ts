/** The scale subresource: the replica counts of an object as an `autoscaling/v1` Scale. */

import { metadataOf } from "@lmos/kubernetes-syntax";
import { asObject, type JsonObject, type JsonValue, objectAt, textAt, withMember } from "@lmos/primitives";
import type { ScaleSubresource } from "@lmos/resource-definitions";
import { formatLabelSelector } from "@lmos/resource-table";
import { RequestError } from "../errors.ts";

/** The Scale of an object. */
export function scaleOf(scale: ScaleSubresource, object: JsonObject): JsonObject {
  const {
    name = "",
    namespace = "",
    uid = "",
    resourceVersion = "",
    creationTimestamp = "",
  } = metadataOf(object);
  const replicas = valueAt(object, scale.specReplicasPath);
  if (replicas === undefined) throw noReplicas(scale.specReplicasPath);
  const selector =
    scale.labelSelectorPath === undefined ? undefined : valueAt(object, scale.labelSelectorPath);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas },
    status: {
      replicas: valueAt(object, scale.statusReplicasPath) ?? 0,
      ...(selector === undefined ? {} : { selector: selectorText(selector) }),
    },
  };
}

function noReplicas(path: string): RequestError {
  const message = `the spec replicas field ${JSON.stringify(path)} does not exist`;
  return new RequestError("InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** The object with the replicas that a Scale asks for. */
export function withReplicas(scale: ScaleSubresource, object: JsonObject, wanted: JsonObject): JsonObject {
  const replicas = objectAt(wanted, "spec")["replicas"] ?? 0;
  return setAt(object, keysOf(scale.specReplicasPath), replicas);
}

/** The resourceVersion that the Scale was read at, if it says. */
export function scaleVersion(wanted: JsonObject): string | undefined {
  return textAt(metadataOf(wanted), "resourceVersion");
}

function keysOf(path: string): readonly string[] {
  return path.split(".").filter((key) => key !== "");
}

function valueAt(object: JsonObject, path: string): JsonValue | undefined {
  return keysOf(path).reduce<JsonValue | undefined>((value, key) => asObject(value)?.[key], object);
}

function setAt(object: JsonObject, [key, ...rest]: readonly string[], value: JsonValue): JsonObject {
  if (key === undefined) return object;
  return withMember(object, key, rest.length === 0 ? value : setAt(objectAt(object, key), rest, value));
}

/** A `LabelSelector` in its query form; custom resources have it as text already. */
function selectorText(selector: JsonValue): string {
  return typeof selector === "string" ? selector : formatLabelSelector(asObject(selector) ?? {});
}
