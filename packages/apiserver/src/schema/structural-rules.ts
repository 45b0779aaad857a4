import { isRecord } from "@lmos/primitives";
import { childPath, type FieldError } from "./field-error.ts";

/**
 * The rules that make the schema of a custom resource structural, without which neither pruning nor defaulting is
 * well defined. Wording as in Kubernetes (`apiextensions-apiserver/pkg/apiserver/schema/validation.go`).
 */

type Level = "root" | "item" | "field";

const emptyTypeDetails: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

const types: ReadonlySet<unknown> = new Set(["array", "boolean", "integer", "number", "object", "string"]);

/** Where the schema at `path` breaks the rules. */
export function structuralErrors(schema: unknown, path: string): readonly FieldError[] {
  return [...rootErrors(schema, path), ...nodeErrors(schema, path, "root")];
}

function rootErrors(schema: unknown, path: string): readonly FieldError[] {
  if (!isRecord(schema)) return [];
  const errors: FieldError[] = [];
  if (schema["additionalProperties"] !== undefined) {
    errors.push(forbidden(childPath(path, "additionalProperties"), "must not be used at the root"));
  }
  const type = schema["type"];
  if (type !== undefined && type !== "object") {
    errors.push(invalid(childPath(path, "type"), type, "must be object at the root"));
  }
  return errors;
}

function nodeErrors(schema: unknown, path: string, level: Level): readonly FieldError[] {
  if (!isRecord(schema)) return [invalid(path, schema, "must be an object")];
  return [
    ...typeErrors(schema, path, level),
    ...keywordErrors(schema, path),
    ...patternErrors(schema, path),
    ...listErrors(schema, path),
    ...childErrors(schema, path),
  ];
}

function typeErrors(schema: Record<string, unknown>, path: string, level: Level): readonly FieldError[] {
  const { type } = schema;
  const typePath = childPath(path, "type");
  if (type === undefined || type === "") {
    const open =
      schema["x-kubernetes-int-or-string"] === true ||
      schema["x-kubernetes-preserve-unknown-fields"] === true;
    return open ? [] : [{ kind: "Required", field: typePath, detail: emptyTypeDetails[level] }];
  }
  if (!types.has(type)) {
    const detail = 'supported values: "array", "boolean", "integer", "number", "object", "string"';
    return [{ kind: "NotSupported", field: typePath, value: type, detail }];
  }
  if (schema["x-kubernetes-embedded-resource"] === true && type !== "object") {
    return [invalid(typePath, type, "must be object if x-kubernetes-embedded-resource is true")];
  }
  return [];
}

function keywordErrors(schema: Record<string, unknown>, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (schema["$ref"] !== undefined) errors.push(forbidden(childPath(path, "$ref"), "$ref is not supported"));
  if (isRecord(schema["properties"]) && schema["additionalProperties"] !== undefined) {
    const detail = "additionalProperties and properties are mutual exclusive";
    errors.push(forbidden(childPath(path, "additionalProperties"), detail));
  }
  if (schema["uniqueItems"] === true) {
    const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.push(forbidden(childPath(path, "uniqueItems"), detail));
  }
  return errors;
}

function patternErrors({ pattern }: Record<string, unknown>, path: string): readonly FieldError[] {
  if (typeof pattern !== "string") return [];
  try {
    new RegExp(pattern, "u");
    return [];
  } catch (error) {
    const detail = `must be a valid regular expression, but isn't: ${String(error)}`;
    return [invalid(childPath(path, "pattern"), pattern, detail)];
  }
}

function listErrors(schema: Record<string, unknown>, path: string): readonly FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  if (schema["type"] === "array" && schema["items"] === undefined) {
    return [{ kind: "Required", field: childPath(path, "items"), detail: "must be specified" }];
  }
  if (listType === "map" && (!Array.isArray(keys) || keys.length === 0)) {
    const detail = "must not be empty if x-kubernetes-list-type is map";
    return [{ kind: "Required", field: childPath(path, "x-kubernetes-list-map-keys"), detail }];
  }
  if (listType !== undefined && listType !== "atomic" && listType !== "set" && listType !== "map") {
    const detail = 'supported values: "atomic", "map", "set"';
    return [
      { kind: "NotSupported", field: childPath(path, "x-kubernetes-list-type"), value: listType, detail },
    ];
  }
  return [];
}

function childErrors(schema: Record<string, unknown>, path: string): readonly FieldError[] {
  const { items, properties, additionalProperties } = schema;
  const errors: FieldError[] = [];
  if (items !== undefined) errors.push(...nodeErrors(items, childPath(path, "items"), "item"));
  for (const [name, property] of Object.entries(isRecord(properties) ? properties : {})) {
    errors.push(...nodeErrors(property, `${childPath(path, "properties")}[${name}]`, "field"));
  }
  if (isRecord(additionalProperties)) {
    errors.push(...nodeErrors(additionalProperties, childPath(path, "additionalProperties"), "field"));
  }
  return errors;
}

function forbidden(field: string, detail: string): FieldError {
  return { kind: "Forbidden", field, detail };
}

function invalid(field: string, value: unknown, detail: string): FieldError {
  return { kind: "Invalid", field, value, detail };
}
