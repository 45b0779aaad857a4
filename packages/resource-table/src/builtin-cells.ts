import { metadataOf } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectAt, objectsAt, textAt, textsAt } from "@lmos/primitives";
import { numberAt } from "./cell-values.ts";

/** Cells of built-in kinds that take more than looking up one value. */

/** The containers of an object's pod template. */
export function containersOf(object: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(objectAt(objectAt(object, "spec"), "template"), "spec"), "containers");
}

/** `1/2`: ready replicas of those wanted. */
export function readyOfReplicas(object: JsonObject): string {
  return `${numberAt(object, ".status.readyReplicas")}/${numberAt(object, ".spec.replicas")}`;
}

/** The subjects of one kind that a role binding names. */
export function subjectNames(object: JsonObject, kind: string): string {
  return objectsAt(object, "subjects")
    .filter((subject) => textAt(subject, "kind") === kind)
    .map((subject) => [textAt(subject, "namespace"), textAt(subject, "name")].filter(Boolean).join("/"))
    .join(", ");
}

/** The addresses under which a Service is reached from outside. */
export function externalIp(object: JsonObject): string {
  const spec = objectAt(object, "spec");
  if (textAt(spec, "type") === "ExternalName") return textAt(spec, "externalName") ?? "";
  const addresses = textsAt(spec, "externalIPs").join(",");
  if (addresses !== "") return addresses;
  return textAt(spec, "type") === "LoadBalancer" ? "<pending>" : "<none>";
}

/** `80/TCP,443:30443/TCP`. */
export function servicePorts(object: JsonObject): string {
  const ports = objectsAt(objectAt(object, "spec"), "ports").map(({ port, nodePort, protocol }) => {
    return nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`;
  });
  return ports.length === 0 ? "<none>" : ports.join(",");
}

/** The ports of an EndpointSlice. */
export function slicePorts(object: JsonObject): string {
  return firstThree(objectsAt(object, "ports").map(portOf));
}

/** The addresses of an EndpointSlice. */
export function sliceAddresses(object: JsonObject): string {
  return firstThree(objectsAt(object, "endpoints").flatMap((each) => textsAt(each, "addresses")));
}

function portOf({ port, name: portName }: JsonObject): string {
  return String(port ?? portName ?? "*");
}

function firstThree(items: readonly string[]): string {
  if (items.length === 0) return "<unset>";
  const shown = items.slice(0, 3).join(",");
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

/** The object that controls this one: `deployment.apps/web`. */
export function controllerOf(object: JsonObject): string {
  const owner = objectsAt(metadataOf(object), "ownerReferences").find((each) => each["controller"] === true);
  if (owner === undefined) return "<none>";
  const group = String(owner["apiVersion"]).split("/").slice(0, -1).join("");
  const kind = String(owner["kind"]).toLowerCase();
  return `${group === "" ? kind : `${kind}.${group}`}/${String(owner["name"])}`;
}
