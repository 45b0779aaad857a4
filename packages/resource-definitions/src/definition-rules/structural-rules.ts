import { compileExpression } from "@lmos/cel";
import { isRecord, type JsonValue } from "@lmos/primitives";
import {
  applyDefaults,
  childPath,
  type FieldError,
  forbidden,
  formatFieldError,
  invalid,
  pruneUnknown,
  required,
  type StructuralSchema,
  validateSchema,
} from "@lmos/structural-schema";
import { jsonSchemaPropsSchema } from "../builtin/builtin-kinds.ts";
import { nestedErrors } from "./nested-rules.ts";
import { isReadable } from "./schema-form.ts";

/**
 * The rules that make the schema of a custom resource structural, without which neither pruning nor defaulting is
 * well defined. Wording as in Kubernetes (`apiextensions-apiserver/pkg/apiserver/schema/validation.go`).
 */

type Node = Readonly<Record<string, unknown>>;

type Level = "root" | "item" | "field";

const emptyTypeDetails: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

/** Where the schema at `path` breaks the rules, in the order of the messages. */
export function structuralErrors(schema: Node, path: string): readonly FieldError[] {
  if (!isReadable(schema)) return [];
  const errors = [...rootErrors(schema, path), ...nodeErrors(schema, path, "root")];
  return errors.toSorted((one, other) => (formatFieldError(one) < formatFieldError(other) ? -1 : 1));
}

function rootErrors(schema: Node, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema["additionalProperties"] !== undefined) {
    errors.push(forbidden(childPath(path, "additionalProperties"), "must not be used at the root"));
  }
  const { type } = schema;
  if (type !== undefined && type !== "object") {
    errors.push(invalid(childPath(path, "type"), type, "must be object at the root"));
  }
  return errors;
}

function nodeErrors(schema: unknown, path: string, level: Level): readonly FieldError[] {
  if (!isRecord(schema)) return [invalid(path, schema, "must be an object")];
  const isObject = level === "root" || schema["x-kubernetes-embedded-resource"] === true;
  return [
    ...childrenOf(schema, path).flatMap(({ child, at, as }) => nodeErrors(child, at, as)),
    ...typeErrors(schema, path, level),
    ...embeddedErrors(schema, path),
    ...(isObject ? metadataErrors(schema, path) : []),
    ...patternErrors(schema, path),
    ...itemsErrors(schema, path),
    ...defaultErrors(schema, path),
    ...nestedErrors(schema, path),
  ];
}

function typeErrors(schema: Node, path: string, level: Level): readonly FieldError[] {
  const { type } = schema;
  const field = childPath(path, "type");
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const detail = "must be object if x-kubernetes-embedded-resource is true";
  if (type !== undefined && type !== "") {
    return isEmbedded && type !== "object" ? [invalid(field, type, detail)] : [];
  }
  if (isEmbedded) return [required(field, detail)];
  const open =
    schema["x-kubernetes-int-or-string"] === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  return open ? [] : [required(field, emptyTypeDetails[level])];
}

function embeddedErrors(schema: Node, path: string): readonly FieldError[] {
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (schema["x-kubernetes-embedded-resource"] !== true) return [];
  const errors: FieldError[] = [];
  if (!open && schema["properties"] === undefined) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(required(childPath(path, "properties"), detail));
  }
  if (schema["additionalProperties"] !== undefined) {
    const detail = "must not be used if x-kubernetes-embedded-resource is set";
    errors.push(forbidden(childPath(path, "additionalProperties"), detail));
  }
  return errors;
}

/** Every object has the same metadata: a schema may only say more of its names. */
function metadataErrors({ properties }: Node, path: string): readonly FieldError[] {
  const described = isRecord(properties) ? properties : {};
  const at = (name: string) => `${childPath(path, "properties")}[${name}]`;
  const errors = (["kind", "apiVersion"] as const).flatMap((name) =>
    ofType(described[name], "string", at(name)),
  );
  const { metadata } = described;
  if (!isRecord(metadata)) return errors;
  const { type: _type, default: _default, properties: inner, ...more } = metadata;
  const names = isRecord(inner) ? Object.keys(inner) : [];
  const restricts = names.some((name) => name !== "name" && name !== "generateName");
  const detail =
    "must not specify anything other than name and generateName, but metadata is implicitly specified";
  return [
    ...errors,
    ...ofType(metadata, "object", at("metadata")),
    ...(restricts || Object.keys(more).length > 0 ? [forbidden(at("metadata"), detail)] : []),
  ];
}

function ofType(schema: unknown, expected: string, path: string): readonly FieldError[] {
  if (!isRecord(schema) || schema["type"] === expected) return [];
  return [invalid(childPath(path, "type"), schema["type"] ?? "", `must be ${expected}`)];
}

function patternErrors({ pattern }: Node, path: string): readonly FieldError[] {
  const compiled = typeof pattern === "string" ? compileExpression(pattern) : undefined;
  if (compiled?.kind !== "malformed") return [];
  const detail = `must be a valid regular expression, but isn't: ${compiled.reason}`;
  return [invalid(childPath(path, "pattern"), pattern, detail)];
}

function itemsErrors(schema: Node, path: string): readonly FieldError[] {
  if (schema["type"] !== "array" || schema["items"] !== undefined) return [];
  return [required(childPath(path, "items"), "must be specified")];
}

/** A default must be a value that the schema itself would store. */
function defaultErrors(schema: Node, path: string): readonly FieldError[] {
  const value = asJson(schema["default"]);
  if (value === undefined || value === null) return [];
  const field = childPath(path, "default");
  const structural = parseSchema(schema);
  if (structural === undefined) return [];
  const pruned = pruneUnknown(structural, value);
  if (pruned.unknownFields.length > 0) return [invalid(field, value, "must not have unknown fields")];
  return validateSchema(structural, applyDefaults(structural, pruned.value)).map((error) => ({
    ...error,
    field,
  }));
}

interface Child {
  readonly child: unknown;
  readonly at: string;
  readonly as: Level;
}

function childrenOf({ items, properties, additionalProperties }: Node, path: string): readonly Child[] {
  const named = Object.entries(isRecord(properties) ? properties : {});
  return [
    ...(items === undefined || Array.isArray(items)
      ? []
      : [{ child: items, at: childPath(path, "items"), as: "item" as const }]),
    ...named.map(([name, child]) => ({
      child,
      at: `${childPath(path, "properties")}[${name}]`,
      as: "field" as const,
    })),
    ...(isRecord(additionalProperties)
      ? [{ child: additionalProperties, at: childPath(path, "additionalProperties"), as: "field" as const }]
      : []),
  ];
}

/** Parses a part of a definition, which came as JSON. */
function asJson(value: unknown): JsonValue | undefined {
  return value as JsonValue | undefined;
}

/** Parses a part of a definition; undefined when it is no schema, which the definition's own schema reports. */
function parseSchema(schema: Node): StructuralSchema | undefined {
  return validateSchema(jsonSchemaPropsSchema, schema).length > 0 ? undefined : (schema as StructuralSchema);
}
