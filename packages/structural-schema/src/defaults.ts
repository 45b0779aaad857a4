import { asObject, isRecord, type JsonObject, type JsonValue } from "@lmos/primitives";
import { memberSchemaOf } from "./member-schema.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/**
 * Adds the defaults of a schema where members are absent, outermost first, so that a default object is completed by
 * the defaults of its own members. The value itself is not changed.
 */
export function applyDefaults<T extends JsonValue>(schema: StructuralSchema, value: T): T;
export function applyDefaults(schema: StructuralSchema, value: JsonValue): JsonValue {
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item) => defaultMember(items, item));
  }
  const object = asObject(value);
  return object === undefined ? value : defaultObject(schema, object);
}

function defaultObject(schema: StructuralSchema, object: JsonObject): JsonObject {
  const derived = schema.derivedDefaults?.(object);
  const filled = { ...(derived === undefined ? object : fillIn(object, derived)) };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined) continue;
    if (!Object.hasOwn(filled, key) || isForbiddenNull(property, filled[key])) filled[key] = property.default;
  }
  for (const [key, member] of Object.entries(filled)) {
    const memberSchema = memberSchemaOf(schema, key);
    if (memberSchema !== undefined) filled[key] = defaultMember(memberSchema, member);
  }
  return filled;
}

function defaultMember(schema: StructuralSchema, value: JsonValue): JsonValue {
  const replaced = isForbiddenNull(schema, value) && schema.default !== undefined ? schema.default : value;
  return applyDefaults(schema, replaced);
}

function isForbiddenNull(schema: StructuralSchema, value: JsonValue | undefined): boolean {
  return value === null && schema.nullable !== true;
}

/** Adds absent members, also inside objects that are there. */
function fillIn(object: JsonObject, defaults: JsonObject): JsonObject {
  const filled: Record<string, JsonValue> = { ...object };
  for (const [key, value] of Object.entries(defaults)) {
    const present = filled[key];
    const inner = asObject(value);
    if (present === undefined || present === null) filled[key] = value;
    else if (inner !== undefined && isRecord(present)) filled[key] = fillIn(asObject(present) ?? {}, inner);
  }
  return filled;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
