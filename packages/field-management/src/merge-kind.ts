import { asObject, canonicalJson, type JsonObject, type JsonValue } from "@lmos/primitives";
import { listMapKeyOf, memberSchemaOf, type StructuralSchema } from "@lmos/structural-schema";

/**
 * How a value merges: member by member, item by item, or only as a whole. Without a schema, objects merge by member
 * and lists as a whole, as Kubernetes does for fields that it has no schema for.
 */
export type Mergeable =
  | { readonly kind: "object"; readonly object: JsonObject }
  | { readonly kind: "list"; readonly items: readonly ListItem[] }
  | { readonly kind: "whole" };

/** An item of a set or list map with its path element. */
export interface ListItem {
  readonly element: string;
  readonly value: JsonValue;
}

/** A schema, where there is one. */
export type MaybeSchema = StructuralSchema | undefined;

/** How a value merges under its schema; an absent value merges as a whole. */
export function mergeableOf(schema: MaybeSchema, value: JsonValue | undefined): Mergeable {
  const list = asList(value);
  if (list !== undefined) return mergeableList(schema, list);
  const object = asObject(value);
  const atomic = schema?.["x-kubernetes-map-type"] === "atomic";
  return object === undefined || atomic ? { kind: "whole" } : { kind: "object", object };
}

function mergeableList(schema: MaybeSchema, list: readonly JsonValue[]): Mergeable {
  const keys = keysOfItems(schema);
  if (schema === undefined || keys === undefined) return { kind: "whole" };
  const elementOf = (item: JsonValue) => {
    const object = keys.length === 0 ? undefined : asObject(item);
    if (object === undefined) return `v:${canonicalJson(item)}`;
    return `k:${canonicalJson(listMapKeyOf(schema.items, keys, object))}`;
  };
  return { kind: "list", items: list.map((value) => ({ element: elementOf(value), value })) };
}

/** The key members of a list map, none for a set; undefined when the list is atomic. */
function keysOfItems(schema: MaybeSchema): readonly string[] | undefined {
  const listType = schema?.["x-kubernetes-list-type"];
  if (listType === "map") return schema?.["x-kubernetes-list-map-keys"] ?? [];
  if (listType === "set") return [];
  const merges = schema?.["x-kubernetes-patch-strategy"]?.split(",").includes("merge") === true;
  if (listType === "atomic" || !merges) return undefined;
  const mergeKey = schema?.["x-kubernetes-patch-merge-key"];
  return mergeKey === undefined ? [] : [mergeKey];
}

/** The schema of an object's member. */
export function schemaOfMember(schema: MaybeSchema, key: string): MaybeSchema {
  return schema === undefined ? undefined : memberSchemaOf(schema, key);
}

/** True for a member that the schema names, false for a key of a map. */
export function isNamedMember(schema: MaybeSchema, key: string): boolean {
  return schema?.properties !== undefined && Object.hasOwn(schema.properties, key);
}

/** True for an absent value, null, and an object or list without content. */
export function isEmptyValue(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The value as a list, or undefined. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
