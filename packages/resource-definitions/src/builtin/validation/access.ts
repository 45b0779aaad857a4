import { dnsSubdomain } from "@lmos/kubernetes-syntax";
import { type JsonObject, jsonEqual, listAt, objectAt, objectsAt, textAt } from "@lmos/primitives";
import { type FieldError, invalid, required } from "@lmos/structural-schema";
import { type KindRule, named, notSupported } from "./checks.ts";

/** The rules of roles and of what binds them. */

function ruleErrors(rule: JsonObject, path: string, isNamespaced: boolean): readonly FieldError[] {
  const urls = listAt(rule, "nonResourceURLs");
  const verbs =
    listAt(rule, "verbs").length > 0
      ? []
      : [required(`${path}.verbs`, "verbs must contain at least one value")];
  if (urls.length > 0) {
    const detail = "namespaced rules cannot apply to non-resource URLs";
    return isNamespaced ? [...verbs, invalid(`${path}.nonResourceURLs`, urls, detail)] : verbs;
  }
  const groups = "resource rules must supply at least one api group";
  const resources = "resource rules must supply at least one resource";
  return [
    ...verbs,
    ...(listAt(rule, "apiGroups").length > 0 ? [] : [required(`${path}.apiGroups`, groups)]),
    ...(listAt(rule, "resources").length > 0 ? [] : [required(`${path}.resources`, resources)]),
  ];
}

const rulesOf =
  (isNamespaced: boolean): KindRule =>
  (role) =>
    objectsAt(role, "rules").flatMap((rule, index) => ruleErrors(rule, `rules[${index}]`, isNamespaced));

export const roleRules = rulesOf(true);
export const clusterRoleRules = rulesOf(false);

const bindingRules =
  (kinds: readonly string[]): KindRule =>
  (binding, old) => {
    const role = objectAt(binding, "roleRef");
    const kind = textAt(role, "kind");
    return [
      ...(kind !== undefined && kinds.includes(kind)
        ? []
        : [notSupported("roleRef.kind", kind ?? "", kinds)]),
      ...(textAt(role, "name") ? [] : [required("roleRef.name")]),
      ...objectsAt(binding, "subjects").flatMap((each, index) => subjectErrors(each, `subjects[${index}]`)),
      ...changedRole(role, old),
    ];
  };

export const roleBindingRules = bindingRules(["Role", "ClusterRole"]);
export const clusterRoleBindingRules = bindingRules(["ClusterRole"]);

function subjectErrors(subject: JsonObject, path: string): readonly FieldError[] {
  const { kind } = subject;
  const name = textAt(subject, "name");
  if (!name) return [required(`${path}.name`)];
  if (kind === "ServiceAccount") return named(`${path}.name`, name, dnsSubdomain);
  const kinds = ["ServiceAccount", "User", "Group"];
  return kind === "User" || kind === "Group" ? [] : [notSupported(`${path}.kind`, kind, kinds)];
}

function changedRole(role: JsonObject, old: JsonObject | undefined): readonly FieldError[] {
  if (old === undefined || jsonEqual(objectAt(old, "roleRef"), role)) return [];
  const shown = { APIGroup: role["apiGroup"] ?? "", Kind: role["kind"] ?? "", Name: role["name"] ?? "" };
  return [invalid("roleRef", shown, "cannot change roleRef")];
}
