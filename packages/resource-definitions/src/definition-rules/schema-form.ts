/**
 * What Kubernetes leaves out of OpenAPI in the schemas of custom resources, and what its own extensions ask of each other;
 * where a schema is structural is another matter (`structural-rules.ts`).
 */
import { isRecord } from "@lmos/primitives";
import { childPath, type FieldError, forbidden, invalid, required } from "@lmos/structural-schema";

type Node = Readonly<Record<string, unknown>>;

const listType = "x-kubernetes-list-type";
const listKeys = "x-kubernetes-list-map-keys";
const mapType = "x-kubernetes-map-type";
const openContent = "x-kubernetes-preserve-unknown-fields";

/** Where the schema at `path` uses what is not supported, or extensions that don't fit. */
export function schemaFormErrors(schema: Node, path: string): readonly FieldError[] {
  const nullable =
    schema["nullable"] === true
      ? [forbidden(childPath(path, "nullable"), "nullable cannot be true at the root")]
      : [];
  const errors = [...nullable, ...nodeErrors(schema, path)];
  if (errors.length > 0 || isReadable(schema)) return errors;
  return [invalid(path, "", "OpenAPIV3Schema 'schema' is not supported")];
}

/** True where no part of the schema uses what is not supported; otherwise nothing more can be said of it. */
export function isReadable(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isReadable);
  if (!isRecord(schema)) return true;
  const { properties, items, additionalProperties } = schema;
  const parts = [...Object.values(isRecord(properties) ? properties : {}), items, additionalProperties];
  return (
    !["$schema", ...unsupported].some((keyword) => schema[keyword] !== undefined) && parts.every(isReadable)
  );
}

function nodeErrors(schema: Node, path: string): readonly FieldError[] {
  return [
    ...unsupportedErrors(schema, path),
    ...keywordErrors(schema, path),
    ...childErrors(schema, path),
    ...openContentErrors(schema, path),
    ...mapErrors(schema, path),
    ...listErrors(schema, path),
  ];
}

const types: ReadonlySet<unknown> = new Set(["array", "boolean", "integer", "number", "object", "string"]);
const unsupported = ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"];

function unsupportedErrors(schema: Node, path: string): readonly FieldError[] {
  const { type, items } = schema;
  const typePath = childPath(path, "type");
  const errors: FieldError[] = unsupported
    .filter((keyword) => schema[keyword] !== undefined)
    .map((keyword) => forbidden(childPath(path, keyword), `${keyword} is not supported`));
  if (type !== undefined && type !== "" && !types.has(type)) {
    const detail = 'supported values: "array", "boolean", "integer", "number", "object", "string"';
    errors.push({ kind: "NotSupported", field: typePath, value: type, detail });
  }
  if (type === "null") {
    errors.push(forbidden(typePath, "type cannot be set to null, use nullable as an alternative"));
  }
  if (Array.isArray(items)) {
    errors.push(forbidden(childPath(path, "items"), "items must be a schema object and not an array"));
  }
  return errors;
}

function keywordErrors(schema: Node, path: string): readonly FieldError[] {
  const { properties, additionalProperties, uniqueItems } = schema;
  const errors: FieldError[] = [];
  if (uniqueItems === true) {
    const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
    errors.push(forbidden(childPath(path, "uniqueItems"), detail));
  }
  if (isRecord(properties) && additionalProperties !== undefined) {
    const detail = "additionalProperties and properties are mutual exclusive";
    errors.push(forbidden(childPath(path, "additionalProperties"), detail));
  }
  return errors;
}

function childErrors(schema: Node, path: string): readonly FieldError[] {
  const { properties } = schema;
  const named = isRecord(properties) ? Object.entries(properties) : [];
  return [
    ...named.flatMap(([name, property]) => inner(property, `${childPath(path, "properties")}[${name}]`)),
    ...["additionalProperties", "not"].flatMap((keyword) => inner(schema[keyword], childPath(path, keyword))),
    ...["allOf", "oneOf", "anyOf"].flatMap((keyword) => branches(schema[keyword], childPath(path, keyword))),
    ...inner(schema["items"], childPath(path, "items")),
  ];
}

function branches(value: unknown, path: string): readonly FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((branch: unknown, index) => inner(branch, `${path}[${index}]`));
}

function inner(schema: unknown, path: string): readonly FieldError[] {
  return isRecord(schema) ? nodeErrors(schema, path) : [];
}

function openContentErrors(schema: Node, path: string): readonly FieldError[] {
  if (schema[openContent] !== false) return [];
  return [invalid(childPath(path, openContent), false, "must be true or undefined")];
}

function mapErrors(schema: Node, path: string): readonly FieldError[] {
  const given = schema[mapType];
  if (given === undefined) return [];
  const errors = [...ofType(schema, "object", { path, detail: `must be object if ${mapType} is specified` })];
  if (given !== "atomic" && given !== "granular") {
    const detail = 'supported values: "atomic", "granular"';
    errors.push({ kind: "NotSupported", field: childPath(path, mapType), value: given, detail });
  }
  return errors;
}

interface TypeFault {
  readonly path: string;
  readonly detail: string;
}

function ofType({ type }: Node, expected: string, { path, detail }: TypeFault): readonly FieldError[] {
  const field = childPath(path, "type");
  if (type === undefined || type === "") return [required(field, detail)];
  return type === expected ? [] : [invalid(field, type, detail)];
}

function listErrors(schema: Node, path: string): readonly FieldError[] {
  const given = schema[listType];
  const keys: readonly unknown[] = Array.isArray(schema[listKeys]) ? schema[listKeys] : [];
  if (given === undefined) return keys.length === 0 ? [] : [required(childPath(path, listType), onlyMaps)];
  const errors = [...ofType(schema, "array", { path, detail: `must be array if ${listType} is specified` })];
  if (errors.length > 0) return errors;
  switch (given) {
    case "map":
      return listMapErrors(schema, keys, path);
    case "set":
      return [
        ...keysWithoutMap(given, keys, path),
        ...setItemErrors(schema["items"], childPath(path, "items")),
      ];
    case "atomic":
      return keysWithoutMap(given, keys, path);
    default: {
      const detail = 'supported values: "atomic", "set", "map"';
      return [{ kind: "NotSupported", field: childPath(path, listType), value: given, detail }];
    }
  }
}

const onlyMaps = `must be map if ${listKeys} is non-empty`;

function keysWithoutMap(given: unknown, keys: readonly unknown[], path: string): readonly FieldError[] {
  return keys.length === 0 ? [] : [invalid(childPath(path, listType), given, onlyMaps)];
}

/** Items of a set are told from each other as a whole. */
function setItemErrors(items: unknown, path: string): readonly FieldError[] {
  if (!isRecord(items)) return [];
  const errors: FieldError[] = [];
  if (items["nullable"] === true) {
    errors.push(forbidden(childPath(path, "nullable"), `cannot be nullable when ${listType} is set`));
  }
  const detail = `must be atomic as item of a list with ${listType}=set`;
  if (items["type"] === "object" && items[mapType] !== "atomic") {
    errors.push(invalid(childPath(path, mapType), items[mapType], detail));
  }
  if (items["type"] === "array" && (items[listType] ?? "atomic") !== "atomic") {
    errors.push(invalid(childPath(path, listType), items[listType], detail));
  }
  return errors;
}

function listMapErrors(schema: Node, keys: readonly unknown[], path: string): readonly FieldError[] {
  const keysPath = childPath(path, listKeys);
  if (keys.length === 0) return [required(keysPath, `must not be empty if ${listType} is map`)];
  const { items } = schema;
  const itemsPath = childPath(path, "items");
  if (!isRecord(items)) return [required(itemsPath, `must have a schema if ${listType} is map`)];
  if (items["type"] !== "object") {
    const detail = `must be object if parent array's ${listType} is map`;
    return [invalid(childPath(itemsPath, "type"), items["type"] ?? "", detail)];
  }
  const unique = new Set(keys).size === keys.length;
  return [
    ...(items["nullable"] === true
      ? [forbidden(childPath(itemsPath, "nullable"), `cannot be nullable when ${listType} is map`)]
      : []),
    ...[...new Set(keys)].flatMap((key) => keyErrors(items, String(key), { keys, keysPath, itemsPath })),
    ...(unique ? [] : [invalid(keysPath, keys, "must not contain duplicate entries")]),
  ];
}

interface Keys {
  readonly keys: readonly unknown[];
  readonly keysPath: string;
  readonly itemsPath: string;
}

/** A key must be in every item: asked for, or filled in. */
function keyErrors(items: Node, key: string, { keys, keysPath, itemsPath }: Keys): readonly FieldError[] {
  const properties = isRecord(items["properties"]) ? items["properties"] : {};
  const property = properties[key];
  if (!isRecord(property)) return [invalid(keysPath, keys, "entries must all be names of item properties")];
  const path = `${childPath(itemsPath, "properties")}[${key}]`;
  if (property["type"] === "object" || property["type"] === "array") {
    const detail = `must be a scalar type if parent array's ${listType} is map`;
    return [invalid(childPath(path, "type"), property["type"], detail)];
  }
  const isRequired = Array.isArray(items["required"]) && items["required"].includes(key);
  if (isRequired || property["default"] !== undefined) return [];
  const detail = `this property is in ${listKeys}, so it must have a default or be a required property`;
  return [required(childPath(path, "default"), detail)];
}
