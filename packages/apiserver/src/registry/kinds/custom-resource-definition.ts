import { metadataOf } from "@lmos/kubernetes-syntax";
import {
  asObject,
  type JsonObject,
  type JsonValue,
  listAt,
  objectAt,
  objectsAt,
  textAt,
  textsAt,
} from "@lmos/primitives";
import type { WriteSurroundings } from "../surroundings.ts";

/** Holds a definition until the objects of its kind are deleted. */
export const customResourceFinalizer = "customresourcecleanup.apiextensions.k8s.io";

/** Accepts the names of a definition and establishes it in the same write; it is served as soon as that is stored. */
export function prepareCustomResourceDefinition(
  definition: JsonObject,
  old: JsonObject | undefined,
  surroundings: WriteSurroundings,
): JsonObject {
  const spec = objectAt(definition, "spec");
  const names = objectAt(spec, "names");
  const before = objectAt(old ?? {}, "status");
  const why = nameConflicts(definition, surroundings).at(-1);
  const conditions = [
    condition("NamesAccepted", why, surroundings.now, before),
    condition("Established", why, surroundings.now, before),
  ];
  const terminating = listAt(before, "conditions").filter((each) => typeOf(each) === "Terminating");
  const given = objectAt(old === undefined ? {} : definition, "status");
  const storedVersions = [...new Set([...textsAt(given, "storedVersions"), ...storageVersions(spec)])];
  const status = { conditions: [...conditions, ...terminating], acceptedNames: names, storedVersions };
  return { ...definition, status };
}

/** True if the definition's names are accepted, so that it is served. */
export function isEstablished(definition: JsonObject): boolean {
  const conditions = listAt(objectAt(definition, "status"), "conditions");
  const established = conditions.find((each) => typeOf(each) === "Established");
  return asObject(established)?.["status"] === "True";
}

function storageVersions(spec: JsonObject): readonly string[] {
  return objectsAt(spec, "versions")
    .filter((version) => version["storage"] === true)
    .flatMap((version) => textAt(version, "name") ?? []);
}

interface NameConflict {
  readonly reason: string;
  readonly message: string;
}

/** Why the names can't be accepted: another definition of the group has them. */
function nameConflicts(definition: JsonObject, { list }: WriteSurroundings): readonly NameConflict[] {
  const ownName = textAt(metadataOf(definition), "name");
  const spec = objectAt(definition, "spec");
  const others = list("customresourcedefinitions.apiextensions.k8s.io")
    .map((stored) => stored.value())
    .filter((other) => textAt(metadataOf(other), "name") !== ownName)
    .map((other) => objectAt(other, "spec"))
    .filter((other) => textAt(other, "group") === textAt(spec, "group"));
  const resources = new Set(others.flatMap((other) => namesIn(other, resourceNames)).map(({ name }) => name));
  const kinds = new Set(others.flatMap((other) => namesIn(other, kindNames)).map(({ name }) => name));
  const clashes = [
    ...namesIn(spec, resourceNames).filter(({ name }) => resources.has(name)),
    ...namesIn(spec, kindNames).filter(({ name }) => kinds.has(name)),
  ];
  return clashes.map(({ name, reason }) => ({ reason, message: `"${name}" is already in use` }));
}

const resourceNames = {
  plural: "PluralConflict",
  singular: "SingularConflict",
  shortNames: "ShortNamesConflict",
};
const kindNames = { kind: "KindConflict", listKind: "ListKindConflict" };

/** Names of a definition, each with what it is a reason for when it is taken. */
function namesIn(spec: JsonObject, reasons: Readonly<Record<string, string>>) {
  const names = objectAt(spec, "names");
  return Object.entries(reasons).flatMap(([member, reason]) =>
    [textAt(names, member) ?? textsAt(names, member)].flat().map((name) => ({ name, reason })),
  );
}

function condition(
  type: "NamesAccepted" | "Established",
  conflict: NameConflict | undefined,
  now: string,
  before: JsonObject,
): JsonObject {
  const status = conflict === undefined ? "True" : "False";
  const known = listAt(before, "conditions").find((each) => typeOf(each) === type);
  if (asObject(known)?.["status"] === status) return asObject(known) ?? {};
  const refused = type === "NamesAccepted" ? conflict : notEstablished;
  return { type, status, lastTransitionTime: now, ...(conflict === undefined ? fine[type] : refused) };
}

const fine = {
  NamesAccepted: { reason: "NoConflicts", message: "no conflicts found" },
  Established: { reason: "InitialNamesAccepted", message: "the initial names have been accepted" },
};
const notEstablished = { reason: "NotAccepted", message: "not all names are accepted" };

function typeOf(each: JsonValue): string | undefined {
  return textAt(asObject(each) ?? {}, "type");
}
