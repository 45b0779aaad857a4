import type { JsonObject, JsonValue } from "@lmos/primitives";
import { type ListItem, type MaybeSchema, mergeableOf, schemaOfMember } from "./merge-kind.ts";

/** Lays an applied configuration over the live value: nothing is taken away, the configuration's leaves win. */
export function mergeValues(schema: MaybeSchema, live: JsonValue, applied: JsonValue): JsonValue {
  const [left, right] = [mergeableOf(schema, live), mergeableOf(schema, applied)];
  if (left.kind === "object" && right.kind === "object")
    return mergeObjects(schema, left.object, right.object);
  if (left.kind === "list" && right.kind === "list") return mergeLists(schema, left.items, right.items);
  return applied;
}

/** {@link mergeValues} for two objects. */
export function mergeObjects(schema: MaybeSchema, live: JsonObject, applied: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...live };
  for (const [key, value] of Object.entries(applied)) {
    const before = live[key];
    merged[key] = before === undefined ? value : mergeValues(schemaOfMember(schema, key), before, value);
  }
  return merged;
}

/**
 * The applied items in their order; between them, where they were, the live items that the configuration does not
 * list. A live item that several share is replaced, since it can't be told which is meant.
 */
function mergeLists(
  schema: MaybeSchema,
  live: readonly ListItem[],
  applied: readonly ListItem[],
): readonly JsonValue[] {
  const liveByElement = Map.groupBy(live, (item) => item.element);
  const elements = applied.map((item) => item.element);
  const mergedItems = applied.map(({ element, value }) => {
    const [before, another] = liveByElement.get(element) ?? [];
    return before === undefined || another !== undefined
      ? value
      : mergeValues(schema?.items, before.value, value);
  });
  const merged: JsonValue[] = [];
  let position = 0;
  for (const item of live) {
    const nextShared = elements.findIndex(
      (element, index) => index >= position && liveByElement.has(element),
    );
    if (!elements.includes(item.element)) merged.push(item.value);
    else if (nextShared >= 0 && elements[nextShared] === item.element) {
      merged.push(...mergedItems.slice(position, nextShared + 1));
      position = nextShared + 1;
    }
  }
  return [...merged, ...mergedItems.slice(position)];
}
