/**
 * What Go's decoder says of an object of a built-in kind whose members are of other types than the kind's. It reads
 * no further than the first of them, and the request is answered with 400.
 */

import { parseTimestamp } from "@lmos/cel";
import { parseQuantity } from "@lmos/kubernetes-syntax";
import { isRecord } from "@lmos/primitives";
import { childPath, memberSchemaOf, type StructuralSchema } from "@lmos/structural-schema";

/** Why the value can't be decoded; undefined if it can. */
export function decodeError(schema: StructuralSchema, value: unknown): string | undefined {
  return errorAt({ schema, value, struct: "", path: "" });
}

interface Node {
  readonly schema: StructuralSchema;
  readonly value: unknown;
  /** The Go struct that the path leads through last. */
  readonly struct: string;
  /** Without the indices of lists and the keys of maps. */
  readonly path: string;
}

function errorAt(node: Node): string | undefined {
  const { schema, value } = node;
  if (value === null || value === undefined) return undefined;
  if (schema.goType === "resource.Quantity") return quantityError(node);
  const wrong = typeError(node);
  if (wrong !== undefined) return wrong;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? undefined
      : firstOf(value, (item) => errorAt({ ...node, schema: items, value: item }));
  }
  if (typeof value === "string") return textError(schema, value);
  return isRecord(value) ? memberErrors(node, value) : undefined;
}

function memberErrors(
  { schema, struct, path }: Node,
  members: Readonly<Record<string, unknown>>,
): string | undefined {
  const isMap = isRecord(schema.additionalProperties);
  return firstOf(Object.entries(members), ([key, value]) => {
    const member = memberSchemaOf(schema, key);
    if (member === undefined) return undefined;
    if (isMap) return errorAt({ schema: member, value, struct, path });
    const own = schema.goType?.split(".").at(-1) ?? struct;
    return errorAt({ schema: member, value, struct: own, path: childPath(path, key) });
  });
}

function firstOf<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const error = check(item);
    if (error !== undefined) return error;
  }
  return undefined;
}

function typeError({ schema, value, struct, path }: Node): string | undefined {
  const shown = fits(schema, value) ? undefined : jsonKind(schema, value);
  if (shown === undefined) return undefined;
  const field = path === "" ? "value" : `struct field ${struct}.${path}`;
  return `json: cannot unmarshal ${shown} into Go ${field} of type ${goTypeOf(schema)}`;
}

function fits(schema: StructuralSchema, value: unknown): boolean {
  if (schema["x-kubernetes-int-or-string"] === true)
    return typeof value === "string" || Number.isInteger(value);
  switch (schema.type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value) || schema["x-kubernetes-preserve-unknown-fields"] === true;
    default:
      return true;
  }
}

function jsonKind(schema: StructuralSchema, value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value !== "number") return typeof value;
  return schema.type === "integer" || schema["x-kubernetes-int-or-string"] === true
    ? `number ${value}`
    : "number";
}

function goTypeOf(schema: StructuralSchema): string {
  if (schema["x-kubernetes-int-or-string"] === true) return "int32";
  switch (schema.type) {
    case "integer":
      return schema.format ?? "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "array":
      return `[]${goTypeOf(schema.items ?? {})}`;
    case "string":
      return schema.goType ?? (schema.format === "byte" ? "[]uint8" : "string");
    default:
      return isRecord(schema.additionalProperties)
        ? `map[string]${goTypeOf(schema.additionalProperties)}`
        : (schema.goType ?? "map[string]interface {}");
  }
}

const quantityRule =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function quantityError({ value }: Node): string | undefined {
  return parseQuantity(String(value)) === undefined ? quantityRule : undefined;
}

function textError({ format, goType }: StructuralSchema, value: string): string | undefined {
  if (format === "byte") return base64Error(value);
  if (format !== "date-time") return undefined;
  const isMicro = goType === "v1.MicroTime";
  const [, rest] = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(.*)$/.exec(value) ?? [];
  const isRead = parseTimestamp(value) !== undefined;
  if (isRead && (!isMicro || /^\.\d{6}(?!\d)/.test(rest ?? ""))) return undefined;
  const layout = `2006-01-02T15:04:05${isMicro ? ".000000" : ""}Z07:00`;
  const [part, wanted] = isRead ? [rest, ".000000"] : [value, "2006"];
  return `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse ${JSON.stringify(part)} as "${wanted}"`;
}

function base64Error(value: string): string | undefined {
  const digits = value.replace(/[\r\n]/g, "");
  const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(digits)?.[0] ?? "";
  return valid.length === digits.length
    ? undefined
    : `illegal base64 data at input byte ${firstIllegal(digits, valid)}`;
}

function firstIllegal(digits: string, valid: string): number {
  const offset = digits.slice(valid.length).search(/[^A-Za-z0-9+/]/);
  return offset < 0 ? digits.length : valid.length + offset;
}
