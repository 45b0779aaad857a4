import { compileExpression } from "@lmos/cel";
import { isRecord, type JsonValue } from "@lmos/primitives";
import {
  applyDefaults,
  childPath,
  type FieldError,
  forbidden,
  invalid,
  pruneUnknown,
  type StructuralSchema,
  validateSchema,
} from "@lmos/structural-schema";
import { jsonSchemaPropsSchema } from "./builtin/builtin-kinds.ts";

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
  if (schema["$ref"] !== undefined) return [forbidden(childPath(path, "$ref"), "$ref is not supported")];
  return [
    ...childErrors(schema, path),
    ...typeErrors(schema, path, level),
    ...keywordErrors(schema, path),
    ...patternErrors(schema, path),
    ...listErrors(schema, path),
    ...defaultErrors(schema, path),
    ...combinationErrors(schema, path),
  ];
}

function typeErrors(schema: Node, path: string, level: Level): readonly FieldError[] {
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
  if (schema["x-kubernetes-embedded-resource"] !== true || type === "object") return [];
  return [invalid(typePath, type, "must be object if x-kubernetes-embedded-resource is true")];
}

function keywordErrors(schema: Node, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (isRecord(schema["properties"]) && schema["additionalProperties"] !== undefined) {
    const detail = "additionalProperties and properties are mutual exclusive";
    errors.push(forbidden(childPath(path, "additionalProperties"), detail));
  }
  if (schema["uniqueItems"] === true) {
    const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.push(forbidden(childPath(path, "uniqueItems"), detail));
  }
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (schema["x-kubernetes-embedded-resource"] === true && !open && schema["properties"] === undefined) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push({ kind: "Required", field: childPath(path, "properties"), detail });
  }
  return errors;
}

function patternErrors({ pattern }: Node, path: string): readonly FieldError[] {
  const compiled = typeof pattern === "string" ? compileExpression(pattern) : undefined;
  if (compiled?.kind !== "malformed") return [];
  const detail = `must be a valid regular expression, but isn't: ${compiled.reason}`;
  return [invalid(childPath(path, "pattern"), pattern, detail)];
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

function listErrors(schema: Node, path: string): readonly FieldError[] {
  const listType = schema["x-kubernetes-list-type"];
  if (schema["type"] === "array" && schema["items"] === undefined) {
    return [{ kind: "Required", field: childPath(path, "items"), detail: "must be specified" }];
  }
  if (listType === "map") return listMapErrors(schema, childPath(path, "x-kubernetes-list-map-keys"));
  if (listType === undefined || listType === "atomic" || listType === "set") return [];
  const detail = 'supported values: "atomic", "set", "map"';
  return [
    { kind: "NotSupported", field: childPath(path, "x-kubernetes-list-type"), value: listType, detail },
  ];
}

function listMapErrors(schema: Node, path: string): readonly FieldError[] {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (!Array.isArray(keys) || keys.length === 0) {
    return [{ kind: "Required", field: path, detail: "must not be empty if x-kubernetes-list-type is map" }];
  }
  const { items } = schema;
  const described = isRecord(items) && isRecord(items["properties"]) ? items["properties"] : {};
  if (keys.every((key) => String(key) in described)) return [];
  return [invalid(path, keys, "entries must all be names of item properties")];
}

/** What stands in `allOf` and the like only restricts values: rules belong to the schema itself. */
function combinationErrors(schema: Node, path: string): readonly FieldError[] {
  return ["allOf", "anyOf", "oneOf"].flatMap((keyword) => {
    const branches = schema[keyword];
    if (!Array.isArray(branches)) return [];
    return branches.flatMap((branch, index) => {
      const field = `${childPath(path, keyword)}[${index}].x-kubernetes-validations`;
      const rules = isRecord(branch) ? branch["x-kubernetes-validations"] : undefined;
      return rules === undefined ? [] : [forbidden(field, "must be empty to be structural")];
    });
  });
}

function childErrors(schema: Node, path: string): readonly FieldError[] {
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

/** Parses a part of a definition, which came as JSON. */
function asJson(value: unknown): JsonValue | undefined {
  return value as JsonValue | undefined;
}

/** Parses a part of a definition; undefined when it is no schema, which the definition's own schema reports. */
function parseSchema(schema: Node): StructuralSchema | undefined {
  return validateSchema(jsonSchemaPropsSchema, schema).length > 0 ? undefined : (schema as StructuralSchema);
}
