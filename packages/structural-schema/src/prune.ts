import { asObject, type JsonObject, type JsonValue } from "@lmos/primitives";
import { childPath } from "./field-error.ts";
import { memberSchemaOf } from "./member-schema.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/** A value without the members that its schema does not know. */
export interface Pruned<T extends JsonValue> {
  readonly value: T;
  /** Paths of what was dropped, sorted: `spec.tenannt`, `spec.items[0].nmae`. */
  readonly unknownFields: readonly string[];
}

/**
 * Drops unknown members, as Kubernetes does before it stores an object. Kept whole: what a schema marks with
 * `x-kubernetes-preserve-unknown-fields`, and type and metadata of embedded resources. A member that is `null`
 * where neither `nullable` nor a default allows for it counts as absent, as does an empty list or map of a built-in
 * type: these are dropped without being reported.
 */
export function pruneUnknown<T extends JsonValue>(schema: StructuralSchema, value: T): Pruned<T>;
export function pruneUnknown(schema: StructuralSchema, value: JsonValue): Pruned<JsonValue> {
  const unknownFields: string[] = [];
  const pruned = pruneAt({ schema, path: "", value }, unknownFields);
  return { value: pruned, unknownFields: unknownFields.sort() };
}

interface Node {
  readonly schema: StructuralSchema | undefined;
  readonly path: string;
  readonly value: JsonValue;
}

function pruneAt({ schema, path, value }: Node, unknown: string[]): JsonValue {
  if (isList(value)) {
    return value.map((item, index) =>
      pruneAt({ schema: itemSchemaOf(schema), path: `${path}[${index}]`, value: item }, unknown),
    );
  }
  const object = asObject(value);
  return object === undefined || schema === undefined
    ? value
    : pruneObject(schema, { path, object }, unknown);
}

function pruneObject(
  schema: StructuralSchema,
  { path, object }: { readonly path: string; readonly object: JsonObject },
  unknown: string[],
): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(object)) {
    const memberSchema = memberSchemaOf(schema, key);
    if (memberSchema !== undefined && countsAsAbsent(memberSchema, member)) continue;
    if (memberSchema !== undefined && !isOpenAnyway(schema, key)) {
      kept[key] = pruneAt({ schema: memberSchema, path: childPath(path, key), value: member }, unknown);
    } else if (memberSchema !== undefined || isOpen(schema, key)) {
      kept[key] = member;
    } else {
      unknown.push(childPath(path, key));
    }
  }
  return kept;
}

function countsAsAbsent(schema: StructuralSchema, value: JsonValue): boolean {
  if (value === null) return schema.nullable !== true && schema.default === undefined;
  return schema.omitEmpty === true && typeof value === "object" && Object.keys(value).length === 0;
}

/** True where members need not be described. */
function isOpen(schema: StructuralSchema, key: string): boolean {
  return (
    schema["x-kubernetes-preserve-unknown-fields"] === true ||
    schema.additionalProperties === true ||
    isOpenAnyway(schema, key)
  );
}

function isOpenAnyway(schema: StructuralSchema, key: string): boolean {
  return schema["x-kubernetes-embedded-resource"] === true && embeddedMembers.has(key);
}

const embeddedMembers: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

function itemSchemaOf(schema: StructuralSchema | undefined): StructuralSchema | undefined {
  if (schema?.["x-kubernetes-preserve-unknown-fields"] === true) return schema.items;
  return schema === undefined ? undefined : (schema.items ?? {});
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
