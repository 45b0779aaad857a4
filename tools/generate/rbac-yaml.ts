/** Roles from the tables of what the code does, and those that cluster administrators give to people. */
import type { Permission } from "@lmos/kube";
import {
  authenticationPermissions,
  grantPermissions,
  ownPermissions,
  watchedPermissions,
} from "@lmos/operator";
import { customKinds } from "@lmos/resources";
import { runtimeGrantPermissions, runtimePermissions } from "@lmos/runtime";
import { stringify } from "yaml";

type Json = Readonly<Record<string, unknown>>;

const group = "rbac.authorization.k8s.io";
const namespace = "lmos-system";
const operator = "lmos-operator";
const runtime = "lmos-runtime";
/** The kind that is generated: people read it, and edit the Channel. */
const generated = "channelroutings";

/** The generated files, by their path under deploy/kubernetes. */
export function rbacFiles(): Readonly<Record<string, string>> {
  return {
    "base/rbac.yaml": yamlOf([
      ...bound("Role", operator, ownPermissions(operator), namespace),
      ...userRoles(),
    ]),
    "cluster-wide/rbac.yaml": yamlOf([
      ...bound("ClusterRole", operator, [...watchedPermissions, ...grantPermissions]),
      ...bound("ClusterRole", runtime, [...runtimePermissions, ...runtimeGrantPermissions]),
    ]),
    "watched-namespace/rbac.yaml": yamlOf([
      ...bound("Role", operator, watchedPermissions),
      ...bound("Role", runtime, runtimePermissions),
    ]),
    "authenticated/rbac.yaml": yamlOf(
      bound("ClusterRole", "lmos-operator-token-review", authenticationPermissions, undefined, operator),
    ),
  };
}

function yamlOf(objects: readonly Json[]): string {
  const header = "# Generated from what the code does by `npm run generate`. Do not edit.\n";
  // Without anchors: who audits a right reads it where it is given.
  const options = { lineWidth: 0, aliasDuplicateObjects: false };
  return header + objects.map((object) => stringify(object, options)).join("---\n");
}

/** A role and its binding to the service account of that name. */
function bound(
  kind: "Role" | "ClusterRole",
  name: string,
  permissions: readonly Permission[],
  inNamespace?: string,
  account: string = name,
): readonly Json[] {
  const apiVersion = `${group}/v1`;
  const metadata = { name, ...(inNamespace === undefined ? {} : { namespace: inNamespace }) };
  return [
    { apiVersion, kind, metadata, rules: permissions.map(ruleOf) },
    {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: group, kind, name },
      subjects: [{ kind: "ServiceAccount", name: account, namespace }],
    },
  ];
}

function ruleOf({ group: apiGroup, resource, verbs, resourceNames }: Permission): Json {
  const names = resourceNames === undefined ? {} : { resourceNames };
  return { apiGroups: [apiGroup], resources: [resource], ...names, verbs };
}

/** They join the roles view, edit and admin that a cluster has, as those of other operators do. */
function userRoles(): readonly Json[] {
  const all = customKinds.filter(({ namespaced }) => namespaced).map(({ plural }) => plural);
  const edited = all.filter((plural) => plural !== generated);
  const writing = ["create", "update", "patch", "delete"];
  return [
    userRole("view", [{ resources: all, verbs: ["get", "list", "watch"] }]),
    userRole("edit", [{ resources: edited, verbs: writing }]),
    userRole("admin", [
      { resources: edited, verbs: [...writing, "deletecollection"] },
      { resources: [generated], verbs: ["delete"] },
    ]),
  ];
}

function userRole(
  name: string,
  rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[],
): Json {
  return {
    apiVersion: `${group}/v1`,
    kind: "ClusterRole",
    metadata: {
      name: `lmos-${name}`,
      labels: { [`${group}/aggregate-to-${name}`]: "true" },
    },
    rules: rules.map((rule) => ({ apiGroups: ["lmos.eclipse"], ...rule })),
  };
}
