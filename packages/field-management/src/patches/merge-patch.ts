import { asObject, type JsonObject, type JsonValue } from "@lmos/primitives";

/** Applies a JSON merge patch (RFC 7396): `null` removes a member, objects merge, all else replaces. */
export function mergePatch(document: JsonObject, patch: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...document };
  for (const [key, value] of Object.entries(patch)) {
    const inner = asObject(value);
    if (value === null) delete merged[key];
    else merged[key] = inner === undefined ? value : mergePatch(asObject(merged[key]) ?? {}, inner);
  }
  return merged;
}
