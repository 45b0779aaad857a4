/**
 * What keeps a configuration from being applied: unlike other writes, an apply needs every field to be described and
 * every item to be told from the others. Worded like `sigs.k8s.io/structured-merge-diff`.
 */
import { isRecord } from "@lmos/primitives";
import { memberSchemaOf, type StructuralSchema } from "@lmos/structural-schema";
import { goSyntax, goText, goTypeName } from "./go-text.ts";

/** The faults of a configuration, each with its path: `.spec.siz: field not declared in schema`. */
export function typedErrors(schema: StructuralSchema, configuration: unknown): readonly string[] {
  return errorsAt(schema, configuration, "");
}

function errorsAt(schema: StructuralSchema, value: unknown, path: string): readonly string[] {
  if (value === null || value === undefined || schema["x-kubernetes-int-or-string"] === true) return [];
  switch (schema.type) {
    case "string":
      return typeof value === "string" ? [] : [`${path}: expected string, got ${goSyntax(value)}`];
    case "integer":
    case "number":
      if (typeof value === "number") return [];
      return [`${path}: expected numeric (int or float), got ${goTypeName(value)}`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${path}: expected boolean, got &{${goText(value)}}`];
    case "array":
      if (Array.isArray(value)) return listErrors(schema, value, path);
      return [`${path}: expected list, got &{${goText(value)}}`];
    case "object":
      if (isRecord(value)) return objectErrors(schema, value, path);
      return [`${path}: expected map, got &{${goText(value)}}`];
    case undefined:
      return [];
    default:
      return schema.type satisfies never;
  }
}

function objectErrors(
  schema: StructuralSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] {
  const isOpen =
    schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  return Object.keys(value)
    .toSorted()
    .flatMap((key) => {
      const member = memberSchemaOf(schema, key);
      if (member !== undefined) return errorsAt(member, value[key], `${path}.${key}`);
      return isOpen || isEmbedded ? [] : [`${path}.${key}: field not declared in schema`];
    });
}

function listErrors(schema: StructuralSchema, items: readonly unknown[], path: string): readonly string[] {
  const listType = schema["x-kubernetes-list-type"];
  const inner = schema.items ?? {};
  const seen = new Set<string>();
  return items.flatMap((item, index): readonly string[] => {
    if (listType !== "map" && listType !== "set") return errorsAt(inner, item, `${path}[${index}]`);
    const key = listType === "set" ? { shown: `[=${keyText(item)}]` } : keyOf(schema, item);
    if ("fault" in key) return [`${path}: element ${index}: ${key.fault}`];
    const repeats = seen.has(key.shown) ? [`${path}: duplicate entries for key ${key.shown}`] : [];
    seen.add(key.shown);
    return [...repeats, ...errorsAt(inner, item, `${path}${key.shown}`)];
  });
}

type ItemKey = { readonly shown: string } | { readonly fault: string };

function keyOf(schema: StructuralSchema, item: unknown): ItemKey {
  if (!isRecord(item)) return { fault: "associative list with keys may not have non-map elements" };
  const names = schema["x-kubernetes-list-map-keys"] ?? [];
  const members = names.flatMap((name) => {
    const property = schema.items?.properties?.[name];
    const value = item[name] ?? property?.default ?? property?.implied;
    return value === undefined ? [] : [`${name}=${keyText(value)}`];
  });
  if (members.length > 0) return { shown: `[${members.join(",")}]` };
  const list = names.map((name) => JSON.stringify(name)).join(" ");
  const fault = `associative list with keys has an element that omits all key fields [${list}]`;
  return { fault: `${fault} (and doesn't have default values for any key fields)` };
}

function keyText(value: unknown): string {
  return JSON.stringify(value);
}
