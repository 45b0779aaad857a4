import { type JsonObject, type JsonValue, objectAt } from "@lmos/primitives";
import { parseJsonPath, valuesAt } from "@lmos/resource-definitions";
import type { Column } from "./column.ts";

/** The first value that a path leads to. */
export function firstAt(object: JsonObject, path: string): JsonValue | undefined {
  return valuesAt(parseJsonPath(path) ?? [], object)[0];
}

/** The number that a path leads to, or 0. */
export function numberAt(object: JsonObject, path: string): number {
  const value = firstAt(object, path);
  return typeof value === "number" ? value : 0;
}

/** A cell with what a path leads to. */
export function at(path: string): Column["cell"] {
  return (object) => firstAt(object, path) ?? "";
}

/** A cell with what a path leads to, or `<none>`. */
export function orNone(path: string): Column["cell"] {
  return (object) => firstAt(object, path) || "<none>";
}

/** How many members the object under a key has. */
export function sizeAt(object: JsonObject, key: string): number {
  return Object.keys(objectAt(object, key)).length;
}
