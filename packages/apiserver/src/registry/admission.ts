/**
 * Makes the content of an object fit to be stored: its type, unknown fields, defaults; then the kind's own rules and
 * validity. In between, the registry notes whose fields they are: what a kind's rules add belongs to nobody.
 */

import { metadataOf } from "@lmos/kubernetes-syntax";
import { type JsonObject, textAt } from "@lmos/primitives";
import {
  apiVersionOf,
  builtinKinds,
  decodeError,
  kindErrors,
  objectMetaSchema,
  type ResourceDefinition,
} from "@lmos/resource-definitions";
import { applyDefaults, contentErrors, formatFieldError, pruneUnknown } from "@lmos/structural-schema";
import { RequestError } from "../errors.ts";
import { type RegistryContext, surroundingsOf, type WriteRequest } from "./context.ts";
import { invalid, requireValid } from "./failures.ts";
import { validateMetadata } from "./names.ts";
import { strategyOf } from "./strategy.ts";

/** The object without unknown fields and with its defaults. Throws `BadRequest` under strict validation. */
export function complete(request: WriteRequest, object: JsonObject): JsonObject {
  const { schema } = request.definition;
  requireDecodable(request.definition, object);
  const given = dropUnknown(request, object);
  const known = strategyOf(request.definition).decode?.(given) ?? given;
  return schema === undefined ? known : applyDefaults(schema, known);
}

/** The complete object after its kind's own rules, as it will be stored. Throws `Invalid`. */
export function admit(
  context: RegistryContext,
  { definition }: WriteRequest,
  { object, old }: { readonly object: JsonObject; readonly old: JsonObject | undefined },
): JsonObject {
  const strategy = strategyOf(definition);
  const prepared = strategy.prepare?.(object, old, surroundingsOf(context)) ?? object;
  const metadata = metadataOf(prepared);
  const ofContent = contentErrors(definition, prepared, old);
  const known = new Set(ofContent.map(formatFieldError));
  const ofKind = kindErrors(definition, prepared, old);
  const errors = [
    ...validateMetadata(metadata, strategy.names),
    ...ofContent,
    ...ofKind.filter((error) => !known.has(formatFieldError(error))),
  ];
  requireValid(definition, textAt(metadata, "name") ?? "", errors);
  return prepared;
}

/** The body with its type filled in. Throws if it is of another type than the path says. */
export function requireType(definition: ResourceDefinition, body: JsonObject): JsonObject {
  const { kind } = definition;
  const expected = apiVersionOf(definition);
  const [givenVersion, givenKind] = [textAt(body, "apiVersion"), textAt(body, "kind")];
  if (definition.origin === "custom" && (givenVersion ?? "") !== expected) {
    const message = `the API version in the data (${givenVersion ?? ""}) does not match the expected API version (${expected})`;
    throw new RequestError("BadRequest", message);
  }
  const isOther = (givenVersion || expected) !== expected || (givenKind || kind) !== kind;
  if (isOther) throw wrongType(definition, body);
  requireDecodable(definition, body);
  return { ...body, apiVersion: expected, kind };
}

/** Go reads objects of built-in kinds, and the metadata of all, into its own types before anything else looks at them. */
function requireDecodable({ origin, schema, kind, version }: ResourceDefinition, object: JsonObject): void {
  const isTyped = origin === "builtin" && schema !== undefined;
  const error = isTyped ? decodeError(schema, object) : decodeError(objectMetaSchema, object["metadata"]);
  if (error === undefined) return;
  throw new RequestError(
    "BadRequest",
    `${kind} in version "${version}" cannot be handled as a ${kind}: ${error}`,
  );
}

function wrongType(definition: ResourceDefinition, body: JsonObject): RequestError {
  const given = textAt(body, "kind") ?? definition.kind;
  if (definition.origin === "custom") {
    const detail = `must be ${definition.kind}`;
    const error = { kind: "Invalid", field: "kind", value: given, detail } as const;
    return invalid({ ...definition, kind: given }, textAt(metadataOf(body), "name") ?? "", [error]);
  }
  const what = `${given} in version "${definition.version}" cannot be handled as a ${definition.kind}`;
  return new RequestError("BadRequest", `${what}: ${otherType(definition, body)}`);
}

/** Why an object of another type is none of a built-in kind, as Go says it. */
export function otherType({ group, version, kind }: ResourceDefinition, body: JsonObject): string {
  const given = textAt(body, "kind") || kind;
  const apiVersion = textAt(body, "apiVersion") || apiVersionOf({ group, version });
  const item = given.replace(/List$/, "");
  const isGeneral = apiVersion === "v1" && (given === "Status" || item === "");
  const isKnown = builtinKinds.some((each) => each.kind === item && apiVersionOf(each) === apiVersion);
  if (!isKnown && !isGeneral) return unregistered(given, apiVersion);
  const inside = group === "" ? "core" : group.split(".")[0];
  return `converting (${version}.${given}) to (${inside}.${kind}): unknown conversion`;
}

function unregistered(kind: string, apiVersion: string): string {
  return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:110"`;
}

/** The object without fields that its kind does not have; what becomes of the request then is its own choice. */
export function dropUnknown(request: WriteRequest, object: JsonObject): JsonObject {
  const { definition, fieldValidation, warn } = request;
  const { value, faults } = fieldFaults(request, object);
  if (fieldValidation === "Warn") faults.forEach(warn);
  if (fieldValidation !== "Strict" || faults.length === 0) return value;
  const where = `${definition.kind} in version "${definition.version}" cannot be handled as a ${definition.kind}`;
  throw new RequestError("BadRequest", `${where}: strict decoding error: ${faults.join(", ")}`);
}

/** The object without unknown fields, and what strict validation has against it. */
export function fieldFaults(
  { definition, duplicateFields }: WriteRequest,
  object: JsonObject,
): { readonly value: JsonObject; readonly faults: readonly string[] } {
  const pruned =
    definition.schema === undefined
      ? { value: object, unknownFields: [] }
      : pruneUnknown(definition.schema, object);
  const faults = [
    ...duplicateFields.map((field) => `duplicate field "${field}"`),
    ...pruned.unknownFields.map((field) => `unknown field "${field}"`),
  ];
  return { value: pruned.value, faults };
}
