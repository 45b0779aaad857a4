import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { canonicalJson, isRecord, type JsonObject, type JsonValue, listAt, textAt } from "@lmos/primitives";
import { decodeFieldSet, differenceOf, encodeFieldSet, type FieldSet, fieldSetOf } from "./field-set.ts";

/** `metadata.managedFields`: who last set which field, and how. */

/** One entry: a manager's fields, set by applying or by any other write. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** `""` for the resource itself. */
  readonly subresource: string;
  /** RFC 3339; undefined when the writer did not record it. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Who a write is by; it says which entry the write belongs to. */
export type ManagerIdentity = Pick<
  ManagedFieldsEntry,
  "manager" | "operation" | "apiVersion" | "subresource"
>;

/** Entries by the identity of their manager. */
export type Managers = ReadonlyMap<string, ManagedFieldsEntry>;

/** Applying in another version of the API is still the same manager's doing. */
export function managerKey(identity: ManagerIdentity): string {
  const { manager, operation, apiVersion, subresource } = identity;
  return canonicalJson([manager, operation, operation === "Apply" ? "" : apiVersion, subresource]);
}

/** Reads an object's entries; undefined when one of them is not well formed. */
export function readManagers(object: JsonObject): Managers | undefined {
  const entries = listAt(metadataOf(object), "managedFields").map(readEntry);
  const valid = entries.filter((entry) => entry !== undefined);
  if (valid.length < entries.length) return undefined;
  return new Map(valid.map((entry) => [managerKey(entry), entry]));
}

function readEntry(value: JsonValue): ManagedFieldsEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { manager = "", operation, apiVersion, subresource = "", time, fieldsType, fieldsV1 } = value;
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (typeof apiVersion !== "string" || apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  if (typeof manager !== "string" || typeof subresource !== "string") return undefined;
  return {
    manager,
    operation,
    apiVersion,
    subresource,
    time: typeof time === "string" ? time : undefined,
    fields: decodeFieldSet(fieldsV1),
  };
}

/** The object with these entries; those without a field are left out. */
export function withManagers(object: JsonObject, managers: Managers): JsonObject {
  const entries = [...managers.values()].filter((entry) => entry.fields.size > 0).sort(entryOrder);
  return withMetadata(object, { managedFields: entries.length === 0 ? undefined : entries.map(encodeEntry) });
}

function encodeEntry(entry: ManagedFieldsEntry): JsonObject {
  const { manager, operation, apiVersion, subresource, time, fields } = entry;
  return {
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: encodeFieldSet(fields),
    ...(subresource === "" ? {} : { subresource }),
  };
}

/** The order of the entries in an object: applies first, then by time. */
export function entryOrder(one: ManagedFieldsEntry, other: ManagedFieldsEntry): number {
  const orderOf = (entry: ManagedFieldsEntry) => [
    entry.operation,
    entry.time ?? "",
    entry.manager,
    entry.apiVersion,
    entry.subresource,
  ];
  const [left, right] = [orderOf(one), orderOf(other)];
  const index = left.findIndex((text, position) => text !== right[position]);
  return index < 0 ? 0 : (left[index] ?? "") < (right[index] ?? "") ? -1 : 1;
}

/** The object without its entries. */
export function withoutManagers(object: JsonObject): JsonObject {
  return "managedFields" in metadataOf(object) ? withMetadata(object, { managedFields: undefined }) : object;
}

/** The set without the fields that identify an object or that only the server sets: nobody manages those. */
export function manageable(fields: FieldSet): FieldSet {
  return differenceOf(fields, unmanaged);
}

const serverMembers = [
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
];

const unmanaged = fieldSetOf([
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...serverMembers.map((name) => ["f:metadata", `f:${name}`]),
]);

/** The `apiVersion` of an object as text. */
export function apiVersionIn(object: JsonObject): string {
  return textAt(object, "apiVersion") ?? "";
}

/** What a new object is compared with: nothing but what its kind implies. */
export function identityOnly(object: JsonObject): JsonObject {
  return { apiVersion: object["apiVersion"] ?? "", kind: object["kind"] ?? "", metadata: {} };
}

/** Every entry without these fields. */
export function withoutFields(managers: Managers, fields: FieldSet): Managers {
  return new Map(
    [...managers].map(([key, entry]): [string, ManagedFieldsEntry] => [
      key,
      { ...entry, fields: differenceOf(entry.fields, fields) },
    ]),
  );
}
