/** The part that every Kubernetes object has. */
import { type JsonObject, type JsonValue, objectAt, withMember } from "@lmos/primitives";

/** The object with members of its metadata replaced; undefined drops one. */
export function withMetadata(
  object: JsonObject,
  changes: Readonly<Record<string, JsonValue | undefined>>,
): JsonObject {
  const metadata = Object.entries(changes).reduce(
    (current, [key, value]) => withMember(current, key, value),
    objectAt(object, "metadata"),
  );
  return { ...object, metadata };
}

/** The object's metadata; an empty object if it has none. */
export function metadataOf(object: JsonObject): JsonObject {
  return objectAt(object, "metadata");
}
