import { isRecord, type JsonObject, type JsonValue } from "@lmos/primitives";

/**
 * The defaults that Kubernetes writes into objects of its own types, as far as users and controllers see them: one
 * row per type, its value the members to add where they are absent. Source: the `defaults.go` files of
 * Kubernetes 1.34. What a default adds is itself completed by the defaults of its type.
 */
type Defaults = (value: JsonObject) => JsonObject;

const always = (members: JsonObject): Defaults => {
  return () => members;
};

const container: Defaults = ({ image }) => ({
  imagePullPolicy: isLatest(image) ? "Always" : "IfNotPresent",
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
});

const podSpec = {
  dnsPolicy: "ClusterFirst",
  restartPolicy: "Always",
  securityContext: {},
  terminationGracePeriodSeconds: 30,
  schedulerName: "default-scheduler",
};

const rbac = "rbac.authorization.k8s.io";

export const builtinDefaults: Readonly<Record<string, Defaults>> = {
  "core.v1.Container": container,
  "core.v1.EphemeralContainer": container,
  "core.v1.PodSpec": always(podSpec),
  "core.v1.Pod": always({ spec: { enableServiceLinks: true } }),
  "core.v1.PodStatus": always({ phase: "Pending" }),
  "core.v1.Probe": always({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  "core.v1.HTTPGetAction": always({ path: "/", scheme: "HTTP" }),
  "core.v1.ObjectFieldSelector": always({ apiVersion: "v1" }),
  "core.v1.SecretVolumeSource": always({ defaultMode: 420 }),
  "core.v1.ConfigMapVolumeSource": always({ defaultMode: 420 }),
  "core.v1.DownwardAPIVolumeSource": always({ defaultMode: 420 }),
  "core.v1.ProjectedVolumeSource": always({ defaultMode: 420 }),
  "core.v1.HostPathVolumeSource": always({ type: "" }),
  "core.v1.Volume": (value) => (Object.keys(value).some((key) => key !== "name") ? {} : { emptyDir: {} }),
  "core.v1.ServiceSpec": ({ type }) => ({
    type: "ClusterIP",
    sessionAffinity: "None",
    ...(type === "ExternalName" ? {} : { internalTrafficPolicy: "Cluster" }),
    ...(type === "NodePort" || type === "LoadBalancer" ? { externalTrafficPolicy: "Cluster" } : {}),
    ...(type === "LoadBalancer" ? { allocateLoadBalancerNodePorts: true } : {}),
  }),
  "core.v1.ServicePort": ({ port }) => (port === undefined ? {} : { targetPort: port }),
  "core.v1.Secret": always({ type: "Opaque" }),
  "core.v1.NamespaceStatus": always({ phase: "Active" }),
  "core.v1.Namespace": ({ metadata }) => labelledNamespace(metadata),
  "apps.v1.DeploymentSpec": always({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  }),
  "apps.v1.DeploymentStrategy": ({ type }) =>
    type === undefined || type === "RollingUpdate" ? { type: "RollingUpdate", rollingUpdate: {} } : {},
  "apps.v1.RollingUpdateDeployment": always({ maxUnavailable: "25%", maxSurge: "25%" }),
  "apps.v1.ReplicaSetSpec": always({ replicas: 1 }),
  "apps.v1.StatefulSetSpec": always({
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: "OrderedReady",
    persistentVolumeClaimRetentionPolicy: {},
  }),
  "apps.v1.StatefulSetUpdateStrategy": ({ type }) =>
    type === undefined ? { type: "RollingUpdate", rollingUpdate: {} } : {},
  "apps.v1.RollingUpdateStatefulSetStrategy": always({ partition: 0 }),
  "apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": always({
    whenDeleted: "Retain",
    whenScaled: "Retain",
  }),
  "rbac.v1.RoleRef": always({ apiGroup: rbac }),
  "rbac.v1.Subject": ({ kind }) => (kind === "User" || kind === "Group" ? { apiGroup: rbac } : {}),
  "networking.v1.NetworkPolicyPort": always({ protocol: "TCP" }),
  "networking.v1.NetworkPolicySpec": ({ egress }) => ({
    policyTypes: Array.isArray(egress) && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"],
  }),
  "discovery.v1.EndpointPort": always({ name: "", protocol: "TCP" }),
  "apiextensions.v1.CustomResourceDefinitionSpec": always({ conversion: { strategy: "None" } }),
  "apiextensions.v1.CustomResourceDefinitionNames": ({ kind }) =>
    typeof kind === "string" && kind !== "" ? { singular: kind.toLowerCase(), listKind: `${kind}List` } : {},
};

/** An image without tag or digest is the latest one. */
function isLatest(image: JsonValue | undefined): boolean {
  if (typeof image !== "string" || image.includes("@")) return false;
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest";
}

function labelledNamespace(metadata: JsonValue | undefined): JsonObject {
  const name = isRecord(metadata) ? metadata["name"] : undefined;
  return typeof name === "string" ? { metadata: { labels: { "kubernetes.io/metadata.name": name } } } : {};
}
