import { isRecord } from "@lmos/primitives";

/** How Go prints values of JSON, as its error messages show them. */

/** `%v`: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (!isRecord(value)) return value === null ? "<nil>" : String(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${key}:${goText(value[key])}`);
  return `map[${members.join(" ")}]`;
}

/** `%#v` of a value that an apply was given. */
export function goSyntax(value: unknown): string {
  const isPlain = typeof value === "number" || typeof value === "boolean";
  return `&value.valueUnstructured{Value:${isPlain ? String(value) : `${goTypeName(value)}{…}`}}`;
}

/** `%T`. */
export function goTypeName(value: unknown): string {
  if (Array.isArray(value)) return "[]interface {}";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    default:
      return "map[string]interface {}";
  }
}
