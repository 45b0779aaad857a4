/** Typed reading of JSON whose shape is not known. */
import { isRecord, type JsonObject, type JsonValue } from "./json.ts";

/** The value as an object, or undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return isRecord(value) ? (value as JsonObject) : undefined;
}

/** The object under a key; an empty one if there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  return asObject(object[key]) ?? {};
}

/** The text under a key, or undefined. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

/** The list under a key; an empty one if there is none. */
export function listAt(object: JsonObject, key: string): readonly JsonValue[] {
  const value = object[key];
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

/** The texts of a list under a key. */
export function textsAt(object: JsonObject, key: string): readonly string[] {
  return listAt(object, key).filter((item) => typeof item === "string");
}

/** The objects of a list under a key. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  return listAt(object, key)
    .map(asObject)
    .filter((item) => item !== undefined);
}

/** The members of an object whose values are texts: labels, annotations. */
export function textMapAt(object: JsonObject, key: string): Readonly<Record<string, string>> {
  const entries = Object.entries(objectAt(object, key));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** The object with a member replaced, or left out when the value is undefined. */
export function withMember(object: JsonObject, key: string, value: JsonValue | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _dropped, ...rest } = object;
  return rest;
}
