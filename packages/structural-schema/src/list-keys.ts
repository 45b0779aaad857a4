import { asObject, canonicalJson, isRecord, type JsonObject, type JsonValue } from "@lmos/primitives";
import type { FieldError } from "./field-error.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/** Lists whose items have an identity: sets (the item itself) and maps (its key members). */

/** The key members of an item of a list, with their defaults where the item leaves them out. */
export function listMapKeyOf(
  items: StructuralSchema | undefined,
  names: readonly string[],
  item: JsonObject,
): JsonObject {
  const key: Record<string, JsonValue> = {};
  for (const name of names) {
    const value = item[name] ?? items?.properties?.[name]?.default;
    if (value !== undefined) key[name] = value;
  }
  return key;
}

/** Finds the old item of an item in a list map, by its key; other lists keep no track of theirs. */
export function correlatedItems(schema: StructuralSchema, old: unknown): (item: unknown) => unknown {
  const names = schema["x-kubernetes-list-map-keys"];
  if (schema["x-kubernetes-list-type"] !== "map" || names === undefined || !Array.isArray(old)) {
    return () => undefined;
  }
  const keyOf = (item: unknown) => canonicalJson(listMapKeyOf(schema.items, names, asObject(item) ?? {}));
  const byKey = new Map(old.map((item) => [keyOf(item), item]));
  return (item) => byKey.get(keyOf(item));
}

/** The items of a set or list map that repeat an earlier one. */
export function duplicateErrors(
  schema: StructuralSchema,
  path: string,
  items: readonly unknown[],
): readonly FieldError[] {
  const listType = schema.allowsDuplicates === true ? undefined : schema["x-kubernetes-list-type"];
  if (listType !== "set" && listType !== "map") return [];
  const seen = new Set<string>();
  return items.flatMap((item, index): readonly FieldError[] => {
    const key = listType === "map" && isRecord(item) ? explicitKey(schema, item) : item;
    const text = canonicalJson(key);
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [{ kind: "Duplicate", field: `${path}[${index}]`, value: key, detail: "" }];
  });
}

function explicitKey(schema: StructuralSchema, item: Readonly<Record<string, unknown>>): unknown {
  const names = schema["x-kubernetes-list-map-keys"] ?? [];
  return Object.fromEntries(names.filter((name) => name in item).map((name) => [name, item[name]]));
}
