import type { JsonObject } from "@lmos/primitives";
import type { FieldError } from "@lmos/structural-schema";
import {
  clusterRoleBindingRules,
  clusterRoleRules,
  roleBindingRules,
  roleRules,
} from "./builtin/validation/access.ts";
import type { KindRule } from "./builtin/validation/checks.ts";
import { configMapRules, secretRules } from "./builtin/validation/configuration.ts";
import { podRules } from "./builtin/validation/pod-spec.ts";
import { serviceRules } from "./builtin/validation/services.ts";
import {
  disruptionBudgetRules,
  eventRules,
  leaseRules,
  networkPolicyRules,
} from "./builtin/validation/small-kinds.ts";
import { deploymentRules, replicaSetRules, statefulSetRules } from "./builtin/validation/workloads.ts";
import { customResourceDefinitionRules } from "./custom-resource-definition.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

/** The hand-written rules of Kubernetes: what the schema of a built-in kind can't say. */
const rules: Readonly<Record<string, KindRule>> = {
  "/configmaps": configMapRules,
  "/events": eventRules,
  "/pods": podRules,
  "/secrets": secretRules,
  "/services": serviceRules,
  "apiextensions.k8s.io/customresourcedefinitions": customResourceDefinitionRules,
  "apps/deployments": deploymentRules,
  "apps/replicasets": replicaSetRules,
  "apps/statefulsets": statefulSetRules,
  "coordination.k8s.io/leases": leaseRules,
  "networking.k8s.io/networkpolicies": networkPolicyRules,
  "policy/poddisruptionbudgets": disruptionBudgetRules,
  "rbac.authorization.k8s.io/clusterrolebindings": clusterRoleBindingRules,
  "rbac.authorization.k8s.io/clusterroles": clusterRoleRules,
  "rbac.authorization.k8s.io/rolebindings": roleBindingRules,
  "rbac.authorization.k8s.io/roles": roleRules,
};

/** What is wrong with an object beyond its schema, by the rules of its kind; `old` is undefined for a new one. */
export function kindErrors(
  { group, plural, origin }: Pick<ResourceDefinition, "group" | "plural" | "origin">,
  object: JsonObject,
  old: JsonObject | undefined,
): readonly FieldError[] {
  const rule = origin === "builtin" ? rules[`${group}/${plural}`] : undefined;
  return rule?.(object, old) ?? [];
}
