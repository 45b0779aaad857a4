import { isRecord } from "@lmos/primitives";
import type { StructuralSchema } from "./structural-schema.ts";

/** The schema of an object's member: its property, else what `additionalProperties` says. */
export function memberSchemaOf(schema: StructuralSchema, key: string): StructuralSchema | undefined {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return isRecord(additionalProperties) ? additionalProperties : undefined;
}
