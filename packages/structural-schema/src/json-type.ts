import type { SchemaType, StructuralSchema } from "./structural-schema.ts";

/** The type of a JSON value in the words of JSON schema; a whole number is an `integer`. */
export function jsonTypeOf(value: unknown): SchemaType | "null" {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "number":
      return Number.isInteger(value) ? "integer" : "number";
    default:
      return "object";
  }
}

/** The types a schema allows; empty when it does not say. */
export function allowedTypes(schema: StructuralSchema): readonly SchemaType[] {
  if (schema["x-kubernetes-int-or-string"] === true) return ["integer", "string"];
  return schema.type === undefined ? [] : [schema.type];
}
