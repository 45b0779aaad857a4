import type { JsonObject, JsonValue } from "@lmos/primitives";
import {
  asObject,
  listAt,
  metadataOf,
  objectAt,
  objectsAt,
  textAt,
  textMapAt,
  textsAt,
} from "../json-access.ts";
import type { Column } from "./column.ts";
import { ageOf } from "./human-duration.ts";
import { parseJsonPath, valuesAt } from "./json-path.ts";
import { podReady, podRestarts, podStatus } from "./pod-cells.ts";
import { formatLabelSelector, formatLabels } from "./selector-text.ts";

/** The columns of the built-in kinds, as `kubectl get` shows them; one row each, keyed by group and kind. */

const name: Column = {
  ...text("Name", (object) => textAt(metadataOf(object), "name") ?? ""),
  format: "name",
};
const age = text("Age", (object, nowMs) => ageOf(textAt(metadataOf(object), "creationTimestamp"), nowMs));
const createdAt: Column = {
  ...text("Created At", (object) => textAt(metadataOf(object), "creationTimestamp") ?? null),
  type: "date",
};

/** What a kind without columns of its own shows. */
export const plainColumns: readonly Column[] = [name, createdAt];

/** The name column, the first one of every kind but Event. */
export const nameColumn = name;

const containers = [
  wide(
    text("Containers", (object) =>
      containersOf(object)
        .map((each) => textAt(each, "name"))
        .join(","),
    ),
  ),
  wide(
    text("Images", (object) =>
      containersOf(object)
        .map((each) => textAt(each, "image"))
        .join(","),
    ),
  ),
];
const selector = wide(
  text("Selector", (object) => formatLabelSelector(objectAt(objectAt(object, "spec"), "selector"))),
);
const subjects = (column: string, kind: string) => wide(text(column, (object) => subjectNames(object, kind)));
const binding = [
  name,
  text(
    "Role",
    (object) =>
      `${textAt(objectAt(object, "roleRef"), "kind")}/${textAt(objectAt(object, "roleRef"), "name")}`,
  ),
  age,
  subjects("Users", "User"),
  subjects("Groups", "Group"),
  subjects("ServiceAccounts", "ServiceAccount"),
];
const event = [
  text("Last Seen", (object, nowMs) => ageOf(lastSeen(object), nowMs)),
  text("Type", at(".type")),
  text("Reason", at(".reason")),
  text("Object", (object) => regarding(object)),
  wide(text("Subobject", (object) => textAt(regardingObject(object), "fieldPath") ?? "")),
  wide(text("Source", eventSource)),
  text("Message", (object) => (textAt(object, "message") ?? textAt(object, "note") ?? "").trim()),
  wide(text("First Seen", (object, nowMs) => ageOf(firstSeen(object), nowMs))),
  wide(text("Count", (object) => numberAt(object, ".series.count") || numberAt(object, ".count") || 1)),
  wide(name),
];

const columns: Readonly<Record<string, readonly Column[]>> = {
  "/Pod": [
    name,
    text("Ready", podReady),
    text("Status", podStatus),
    text("Restarts", podRestarts),
    age,
    wide(text("IP", orNone(".status.podIPs[0].ip"))),
    wide(text("Node", orNone(".spec.nodeName"))),
    wide(text("Nominated Node", orNone(".status.nominatedNodeName"))),
    wide(text("Readiness Gates", () => "<none>")),
  ],
  "/Service": [
    name,
    text("Type", at(".spec.type")),
    text("Cluster-IP", orNone(".spec.clusterIPs[0]")),
    text("External-IP", externalIp),
    text("Port(s)", servicePorts),
    age,
    wide(text("Selector", (object) => formatLabels(textMapAt(objectAt(object, "spec"), "selector")))),
  ],
  "/ConfigMap": [name, text("Data", (object) => sizeAt(object, "data") + sizeAt(object, "binaryData")), age],
  "/Secret": [name, text("Type", at(".type")), text("Data", (object) => sizeAt(object, "data")), age],
  "/ServiceAccount": [name, text("Secrets", (object) => listAt(object, "secrets").length), age],
  "/Namespace": [name, text("Status", at(".status.phase")), age],
  "/Event": event,
  "events.k8s.io/Event": event,
  "apps/Deployment": [
    name,
    text("Ready", readyOfReplicas),
    text("Up-to-date", (object) => numberAt(object, ".status.updatedReplicas")),
    text("Available", (object) => numberAt(object, ".status.availableReplicas")),
    age,
    ...containers,
    selector,
  ],
  "apps/ReplicaSet": [
    name,
    integer("Desired", ".spec.replicas"),
    integer("Current", ".status.replicas"),
    integer("Ready", ".status.readyReplicas"),
    age,
    ...containers,
    selector,
  ],
  "apps/StatefulSet": [name, text("Ready", readyOfReplicas), age, ...containers],
  "apps/ControllerRevision": [
    name,
    text("Controller", controllerOf),
    text("Revision", (object) => numberAt(object, ".revision")),
    age,
  ],
  "discovery.k8s.io/EndpointSlice": [
    name,
    text("AddressType", at(".addressType")),
    text("Ports", (object) => firstThree(objectsAt(object, "ports").map(portOf))),
    text("Endpoints", (object) =>
      firstThree(objectsAt(object, "endpoints").flatMap((each) => textsAt(each, "addresses"))),
    ),
    age,
  ],
  "rbac.authorization.k8s.io/RoleBinding": binding,
  "rbac.authorization.k8s.io/ClusterRoleBinding": binding,
  "networking.k8s.io/NetworkPolicy": [
    name,
    text("Pod-Selector", (object) => formatLabelSelector(objectAt(objectAt(object, "spec"), "podSelector"))),
    age,
  ],
  "policy/PodDisruptionBudget": [
    name,
    text("Min Available", (object) => String(firstAt(object, ".spec.minAvailable") ?? "N/A")),
    text("Max Unavailable", (object) => String(firstAt(object, ".spec.maxUnavailable") ?? "N/A")),
    integer("Allowed Disruptions", ".status.disruptionsAllowed"),
    age,
  ],
  "coordination.k8s.io/Lease": [name, text("Holder", at(".spec.holderIdentity")), age],
};

/** The columns of a built-in kind. */
export function builtinColumns(group: string, kind: string): readonly Column[] {
  return columns[`${group}/${kind}`] ?? plainColumns;
}

function text(columnName: string, cell: Column["cell"]): Column {
  return { name: columnName, type: "string", cell };
}

function integer(columnName: string, path: string): Column {
  return { name: columnName, type: "integer", cell: (object) => numberAt(object, path) };
}

function wide(column: Column): Column {
  return { ...column, priority: 1 };
}

function firstAt(object: JsonObject, path: string): JsonValue | undefined {
  return valuesAt(parseJsonPath(path) ?? [], object)[0];
}

function numberAt(object: JsonObject, path: string): number {
  const value = firstAt(object, path);
  return typeof value === "number" ? value : 0;
}

function at(path: string): Column["cell"] {
  return (object) => firstAt(object, path) ?? "";
}

function orNone(path: string): Column["cell"] {
  return (object) => firstAt(object, path) || "<none>";
}

function sizeAt(object: JsonObject, key: string): number {
  return Object.keys(objectAt(object, key)).length;
}

function containersOf(object: JsonObject): readonly JsonObject[] {
  return objectsAt(objectAt(objectAt(objectAt(object, "spec"), "template"), "spec"), "containers");
}

function readyOfReplicas(object: JsonObject): string {
  return `${numberAt(object, ".status.readyReplicas")}/${numberAt(object, ".spec.replicas")}`;
}

function subjectNames(object: JsonObject, kind: string): string {
  return objectsAt(object, "subjects")
    .filter((subject) => textAt(subject, "kind") === kind)
    .map((subject) => [textAt(subject, "namespace"), textAt(subject, "name")].filter(Boolean).join("/"))
    .join(", ");
}

function externalIp(object: JsonObject): string {
  const spec = objectAt(object, "spec");
  if (textAt(spec, "type") === "ExternalName") return textAt(spec, "externalName") ?? "";
  const addresses = textsAt(spec, "externalIPs").join(",");
  if (addresses !== "") return addresses;
  return textAt(spec, "type") === "LoadBalancer" ? "<pending>" : "<none>";
}

function servicePorts(object: JsonObject): string {
  const ports = objectsAt(objectAt(object, "spec"), "ports").map(({ port, nodePort, protocol }) => {
    return nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`;
  });
  return ports.length === 0 ? "<none>" : ports.join(",");
}

function portOf({ port, name: portName }: JsonObject): string {
  return String(port ?? portName ?? "*");
}

function firstThree(items: readonly string[]): string {
  if (items.length === 0) return "<unset>";
  const shown = items.slice(0, 3).join(",");
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

function controllerOf(object: JsonObject): string {
  const owner = objectsAt(metadataOf(object), "ownerReferences").find((each) => each["controller"] === true);
  if (owner === undefined) return "<none>";
  const group = String(owner["apiVersion"]).split("/").slice(0, -1).join("");
  const kind = String(owner["kind"]).toLowerCase();
  return `${group === "" ? kind : `${kind}.${group}`}/${String(owner["name"])}`;
}

// The two groups of events name the same things differently.
function regardingObject(object: JsonObject): JsonObject {
  return asObject(object["involvedObject"]) ?? objectAt(object, "regarding");
}

function regarding(object: JsonObject): string {
  const { kind, name: target } = regardingObject(object);
  const text = String(kind ?? "").toLowerCase();
  return target === undefined || target === "" ? text : `${text}/${String(target)}`;
}

function eventSource(object: JsonObject): string {
  const source = asObject(object["source"]) ?? objectAt(object, "deprecatedSource");
  const component = [
    textAt(source, "component"),
    textAt(object, "reportingComponent"),
    textAt(object, "reportingController"),
  ].find((each) => each !== undefined && each !== "");
  const instance = textAt(source, "host") || textAt(object, "reportingInstance");
  return [component, instance].filter(Boolean).join(", ");
}

function firstSeen(object: JsonObject): string | undefined {
  return firstText(object, [".firstTimestamp", ".deprecatedFirstTimestamp", ".eventTime"]);
}

function lastSeen(object: JsonObject): string | undefined {
  const last = [".series.lastObservedTime", ".lastTimestamp", ".deprecatedLastTimestamp"];
  return firstText(object, last) ?? firstSeen(object);
}

function firstText(object: JsonObject, paths: readonly string[]): string | undefined {
  return paths.map((path) => firstAt(object, path)).find((value) => typeof value === "string");
}
