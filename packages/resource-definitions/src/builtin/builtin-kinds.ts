import type { ResourceDefinition, ScaleSubresource } from "../resource-definition.ts";
import { createSchemaLinker, publishedName } from "./builtin-schemas.ts";

/**
 * The kinds of Kubernetes itself that this server stores, one row each. What a row leaves out is the usual case:
 * namespaced, all verbs, no status, no short name.
 */
interface Row {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced?: boolean;
  readonly verbs?: readonly string[];
  readonly status?: boolean;
  readonly scale?: ScaleSubresource;
}

const rbac = "rbac.authorization.k8s.io";
const inAll = ["all"];
const allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
const scale = { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" };

const rows: readonly Row[] = [
  {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    namespaced: false,
    status: true,
  },
  {
    group: "",
    kind: "Namespace",
    plural: "namespaces",
    shortNames: ["ns"],
    namespaced: false,
    status: true,
    verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  },
  { group: "", kind: "Pod", plural: "pods", shortNames: ["po"], categories: inAll, status: true },
  { group: "", kind: "Service", plural: "services", shortNames: ["svc"], categories: inAll, status: true },
  { group: "", kind: "ConfigMap", plural: "configmaps", shortNames: ["cm"] },
  { group: "", kind: "Secret", plural: "secrets" },
  { group: "", kind: "ServiceAccount", plural: "serviceaccounts", shortNames: ["sa"] },
  { group: "", kind: "Event", plural: "events", shortNames: ["ev"] },
  { group: "", kind: "ResourceQuota", plural: "resourcequotas", shortNames: ["quota"], status: true },
  { group: "", kind: "LimitRange", plural: "limitranges", shortNames: ["limits"] },
  { group: "events.k8s.io", kind: "Event", plural: "events", shortNames: ["ev"] },
  {
    group: "apps",
    kind: "Deployment",
    plural: "deployments",
    shortNames: ["deploy"],
    categories: inAll,
    status: true,
    scale: { ...scale, labelSelectorPath: ".spec.selector" },
  },
  {
    group: "apps",
    kind: "ReplicaSet",
    plural: "replicasets",
    shortNames: ["rs"],
    categories: inAll,
    status: true,
    scale: { ...scale, labelSelectorPath: ".spec.selector" },
  },
  {
    group: "apps",
    kind: "StatefulSet",
    plural: "statefulsets",
    shortNames: ["sts"],
    categories: inAll,
    status: true,
    scale: { ...scale, labelSelectorPath: ".spec.selector" },
  },
  { group: "apps", kind: "ControllerRevision", plural: "controllerrevisions" },
  { group: "discovery.k8s.io", kind: "EndpointSlice", plural: "endpointslices" },
  { group: rbac, kind: "Role", plural: "roles" },
  { group: rbac, kind: "RoleBinding", plural: "rolebindings" },
  { group: rbac, kind: "ClusterRole", plural: "clusterroles", namespaced: false },
  { group: rbac, kind: "ClusterRoleBinding", plural: "clusterrolebindings", namespaced: false },
  { group: "networking.k8s.io", kind: "NetworkPolicy", plural: "networkpolicies", shortNames: ["netpol"] },
  {
    group: "policy",
    kind: "PodDisruptionBudget",
    plural: "poddisruptionbudgets",
    shortNames: ["pdb"],
    status: true,
  },
  { group: "coordination.k8s.io", kind: "Lease", plural: "leases" },
  {
    group: "authorization.k8s.io",
    kind: "SelfSubjectAccessReview",
    plural: "selfsubjectaccessreviews",
    namespaced: false,
    verbs: ["create"],
  },
];

const linkSchema = createSchemaLinker();

/** Every built-in kind, in version `v1` of its group. */
export const builtinKinds: readonly ResourceDefinition[] = rows.map(definitionOf);

/** The schema of `metadata`, the same for every kind. */
export const objectMetaSchema = linkSchema("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");

/** The schema of the schemas in a CustomResourceDefinition. */
export const jsonSchemaPropsSchema = linkSchema(
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
);

function definitionOf(row: Row): ResourceDefinition {
  const name = publishedName({ group: row.group, version: "v1", kind: row.kind });
  return {
    group: row.group,
    version: "v1",
    kind: row.kind,
    listKind: `${row.kind}List`,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    namespaced: row.namespaced ?? true,
    verbs: row.verbs ?? allVerbs,
    schema: name === undefined ? undefined : linkSchema(name),
    subresources: { status: row.status ?? false, scale: row.scale },
    columns: [],
    origin: "builtin",
  };
}
