import { metadataOf } from "@lmos/kubernetes-syntax";
import { listAt, objectAt, textAt, textMapAt } from "@lmos/primitives";
import { publishedDescription } from "@lmos/resource-definitions";
import {
  containersOf,
  controllerOf,
  externalIp,
  readyOfReplicas,
  servicePorts,
  sliceAddresses,
  slicePorts,
  subjectNames,
} from "./builtin-cells.ts";
import { at, firstAt, numberAt, orNone, sizeAt } from "./cell-values.ts";
import type { Column } from "./column.ts";
import { eventSource, firstSeen, lastSeen, regarding, regardingObject } from "./event-cells.ts";
import { ageOf } from "./human-duration.ts";
import { podReady, podRestarts, podStatus } from "./pod-cells.ts";
import { formatLabelSelector, formatLabels } from "./selector-text.ts";

/** The columns of the built-in kinds, as `kubectl get` shows them; one row each, keyed by group and kind. */

const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
/** What the column says that shows when an object was made. */
export const createdDescription = publishedDescription(objectMeta, "creationTimestamp");

const name: Column = {
  ...text("Name", (object) => textAt(metadataOf(object), "name") ?? ""),
  format: "name",
  description: publishedDescription(objectMeta, "name"),
};
const age: Column = {
  ...text("Age", (object, nowMs) => ageOf(textAt(metadataOf(object), "creationTimestamp"), nowMs)),
  description: createdDescription,
};
const createdAt: Column = {
  ...text("Created At", (object) => textAt(metadataOf(object), "creationTimestamp") ?? null),
  type: "date",
  description: createdDescription,
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
    text("Ports", slicePorts),
    text("Endpoints", sliceAddresses),
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
