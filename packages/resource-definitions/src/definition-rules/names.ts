/** What the names of a CustomResourceDefinition must be: its own, its group's and those of the kind that it defines. */
import { dns1035Label, dnsSubdomain } from "@lmos/kubernetes-syntax";
import { type JsonObject, objectAt, textAt, textsAt } from "@lmos/primitives";
import { childPath, type FieldError, invalid, required } from "@lmos/structural-schema";

/** The names of a kind, with those that Kubernetes derives from others; `""` where there is none. */
export interface KindNames {
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** Reads `spec.names`. */
export function kindNames(spec: JsonObject): KindNames {
  const names = objectAt(spec, "names");
  const kind = textAt(names, "kind") ?? "";
  return {
    plural: textAt(names, "plural") ?? "",
    singular: textAt(names, "singular") || kind.toLowerCase(),
    kind,
    listKind: textAt(names, "listKind") || (kind === "" ? "" : `${kind}List`),
    shortNames: textsAt(names, "shortNames"),
    categories: textsAt(names, "categories"),
  };
}

/** What is wrong with `metadata.name`, which is made of plural and group. */
export function ownNameErrors(definition: JsonObject): readonly FieldError[] {
  const metadata = objectAt(definition, "metadata");
  const spec = objectAt(definition, "spec");
  const expected = `${kindNames(spec).plural}.${textAt(spec, "group") ?? ""}`;
  return ["generateName", "name"].flatMap((member) => {
    const name = textAt(metadata, member) ?? "";
    if (name === "" || name === expected) return [];
    return [invalid(`metadata.${member}`, name, 'must be spec.names.plural+"."+spec.group')];
  });
}

/** What is wrong with `spec.group` and `spec.scope`. */
export function groupErrors(spec: JsonObject): readonly FieldError[] {
  return [...domainErrors(textAt(spec, "group") ?? ""), ...scopeErrors(textAt(spec, "scope") ?? "")];
}

function domainErrors(group: string): readonly FieldError[] {
  if (group === "") return [required("spec.group")];
  const faults = dnsSubdomain(group);
  if (faults.length > 0) return [invalid("spec.group", group, faults.join(","))];
  return group.includes(".")
    ? []
    : [invalid("spec.group", group, "should be a domain with at least one dot")];
}

function scopeErrors(scope: string): readonly FieldError[] {
  if (scope === "") return [required("spec.scope")];
  if (scope === "Namespaced" || scope === "Cluster") return [];
  const detail = 'supported values: "Cluster", "Namespaced"';
  return [{ kind: "NotSupported", field: "spec.scope", value: scope, detail }];
}

/** What is wrong with `spec.names`. */
export function kindNameErrors(spec: JsonObject): readonly FieldError[] {
  const names = kindNames(spec);
  const single = ["plural", "singular", "kind", "listKind"] as const;
  const missing = single
    .filter((member) => names[member] === "")
    .map((member) => required(`spec.names.${member}`));
  return [
    ...missing,
    ...(["plural", "singular"] as const).flatMap((member) => labelErrors(member, names[member])),
    ...(["kind", "listKind"] as const).flatMap((member) => mixedCaseErrors(member, names[member])),
    ...names.shortNames.flatMap((name, index) => eachErrors(`shortNames[${index}]`, name)),
    ...sameKindErrors(names),
    ...names.categories.flatMap((name, index) => eachErrors(`categories[${index}]`, name)),
  ];
}

function labelErrors(member: string, name: string): readonly FieldError[] {
  return name === "" ? [] : eachErrors(member, name);
}

function eachErrors(member: string, name: string): readonly FieldError[] {
  const faults = dns1035Label(name);
  return faults.length === 0 ? [] : [invalid(childPath("spec.names", member), name, faults.join(","))];
}

function mixedCaseErrors(member: string, name: string): readonly FieldError[] {
  const faults = name === "" ? [] : dns1035Label(name.toLowerCase());
  if (faults.length === 0) return [];
  const detail = `may have mixed case, but should otherwise match: ${faults.join(",")}`;
  return [invalid(childPath("spec.names", member), name, detail)];
}

function sameKindErrors({ kind, listKind }: KindNames): readonly FieldError[] {
  if (kind === "" || kind !== listKind) return [];
  return [invalid("spec.names.listKind", listKind, "kind and listKind may not be the same")];
}

const approval = "api-approved.kubernetes.io";
const approvalProposal = "https://github.com/kubernetes/enhancements/pull/1111";

/** Groups of Kubernetes' own community are defined only with its approval, or with a word that there is none. */
export function approvalErrors(definition: JsonObject): readonly FieldError[] {
  const group = textAt(objectAt(definition, "spec"), "group") ?? "";
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return [];
  const field = `metadata.annotations[${approval}]`;
  const given = textAt(objectAt(objectAt(definition, "metadata"), "annotations"), approval) ?? "";
  const what = `protected groups must have approval annotation "${approval}"`;
  if (given === "") return [required(field, `${what}, see ${approvalProposal}`)];
  if (given.startsWith("unapproved") || /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(given)) return [];
  const detail = `${what} with either a URL or a reason starting with "unapproved", see ${approvalProposal}`;
  return [invalid(field, given, detail)];
}
