import type { JsonObject, JsonValue } from "@lmos/primitives";
import { type FieldNode, type FieldSet, nodeAt } from "./field-set.ts";
import { type MaybeSchema, mergeableOf, schemaOfMember } from "./merge-kind.ts";

/** The value without the members and items of the set. What merges as a whole stays whole. */
export function removeFields(schema: MaybeSchema, value: JsonValue, fields: FieldSet): JsonValue {
  const mergeable = mergeableOf(schema, value);
  switch (mergeable.kind) {
    case "whole":
      return value;
    case "object":
      return removeMembers(schema, mergeable.object, fields);
    case "list":
      return mergeable.items.flatMap(({ element, value: item }) =>
        kept(nodeAt(fields, element), item, schema?.items),
      );
  }
}

/** {@link removeFields} for an object. */
export function removeMembers(schema: MaybeSchema, object: JsonObject, fields: FieldSet): JsonObject {
  const entries = Object.entries(object).flatMap(([key, member]): [string, JsonValue][] =>
    kept(nodeAt(fields, `f:${key}`), member, schemaOfMember(schema, key)).map((value) => [key, value]),
  );
  return Object.fromEntries(entries);
}

function kept(node: FieldNode, value: JsonValue, schema: MaybeSchema): readonly JsonValue[] {
  return node.member ? [] : [removeFields(schema, value, node.children)];
}
