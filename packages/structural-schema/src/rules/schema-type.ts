/** How rules see a custom resource: the CEL type that its schema stands for, and its values as CEL values. */

import {
  boolType,
  bytesType,
  type CelKey,
  type CelType,
  type CelValue,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  parseDuration,
  parseTimestamp,
  stringType,
  timestampType,
} from "@lmos/cel";
import { isRecord } from "@lmos/primitives";
import type { StructuralSchema } from "../structural-schema.ts";
import { escapeName } from "./escape.ts";

/** The schema of a whole object: of what every object has, rules see type and name only. */
export function withObjectMembers(schema: StructuralSchema): StructuralSchema {
  const text: StructuralSchema = { type: "string" };
  const metadata: StructuralSchema = { type: "object", properties: { name: text, generateName: text } };
  return {
    ...schema,
    type: "object",
    properties: { ...schema.properties, apiVersion: text, kind: text, metadata },
  };
}

/** The type of the values of a schema; undefined where rules can't look, because nothing is described. */
export function celTypeOf(schema: StructuralSchema, name: string): CelType | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) return dynType;
  if (
    schema["x-kubernetes-embedded-resource"] === true &&
    schema.properties?.["metadata"]?.properties === undefined
  ) {
    return objectType(withObjectMembers(schema), name);
  }
  switch (schema.type) {
    case "array": {
      const element = schema.items === undefined ? undefined : celTypeOf(schema.items, `${name}.@idx`);
      return element === undefined ? undefined : listOf(element);
    }
    case "object":
      return isRecord(schema.additionalProperties)
        ? mapType(schema.additionalProperties, name)
        : objectType(schema, name);
    case "string":
      return stringTypes[schema.format ?? ""] ?? stringType;
    case "boolean":
      return boolType;
    case "integer":
      return intType;
    case "number":
      return doubleType;
    default:
      return undefined;
  }
}

const stringTypes: Readonly<Record<string, CelType>> = {
  byte: bytesType,
  duration: durationType,
  date: timestampType,
  "date-time": timestampType,
};

function mapType(values: StructuralSchema, name: string): CelType | undefined {
  const value = celTypeOf(values, `${name}.@elem`);
  return value === undefined ? undefined : mapOf(stringType, value);
}

function objectType(schema: StructuralSchema, name: string): CelType {
  const fields = new Map<string, CelType>();
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const type = celTypeOf(property, `${name}.${key}`);
    if (type === undefined) continue;
    for (const escaped of namesOf(key)) fields.set(escaped, type);
  }
  return { kind: "object", name, fields };
}

/** Words that only the grammar of other languages reserves may be written as they are, too. */
function namesOf(key: string): readonly string[] {
  const escaped = escapeName(key);
  if (escaped === undefined) return [];
  return escaped === key || !/^[A-Za-z_]\w*$/.test(key) ? [escaped] : [escaped, key];
}

/** A value as rules see it. */
export function celValueOf(schema: StructuralSchema, value: unknown): CelValue {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return listValue(schema, value);
  if (isRecord(value))
    return isRecord(schema.additionalProperties)
      ? mapValue(schema.additionalProperties, value)
      : objectValue(schema, value);
  if (typeof value === "string") return textValue(schema, value);
  if (typeof value === "number")
    return schema.type === "number" || !Number.isInteger(value) ? value : BigInt(value);
  return value === true;
}

function listValue(schema: StructuralSchema, items: readonly unknown[]): CelValue {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"]?.map((key) => escapeName(key) ?? key);
  const identity = listType === "set" ? "set" : listType === "map" ? keys : undefined;
  return { tag: "list", items: items.map((item) => celValueOf(schema.items ?? {}, item)), identity };
}

function mapValue(schema: StructuralSchema, members: Readonly<Record<string, unknown>>): CelValue {
  return new Map<CelKey, CelValue>(
    Object.entries(members).map(([key, member]) => [key, celValueOf(schema, member)]),
  );
}

function objectValue(given: StructuralSchema, members: Readonly<Record<string, unknown>>): CelValue {
  const isEmbedded = given["x-kubernetes-embedded-resource"] === true;
  const { properties = {} } = isEmbedded ? withObjectMembers(given) : given;
  const value = new Map<CelKey, CelValue>();
  for (const [key, member] of Object.entries(members)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property === undefined) continue;
    const seen = celValueOf(property, member);
    for (const name of namesOf(key)) value.set(name, seen);
  }
  return value;
}

function textValue({ type, format }: StructuralSchema, value: string): CelValue {
  if (type !== "string") return value;
  switch (format) {
    case "byte":
      return Buffer.from(value, "base64");
    case "duration":
      return parseDuration(value) ?? value;
    case "date":
      return parseTimestamp(`${value}T00:00:00Z`) ?? value;
    case "date-time":
      return parseTimestamp(value) ?? value;
    default:
      return value;
  }
}
