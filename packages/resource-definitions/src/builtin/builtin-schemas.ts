import { isRecord, type JsonObject, type JsonValue } from "@lmos/primitives";
import type { StructuralSchema } from "@lmos/structural-schema";
import { builtinDefaults } from "./builtin-defaults.ts";
import published from "./generated/kubernetes-openapi.json" with { type: "json" };

/**
 * The published schemas of Kubernetes' own types: as they are (for OpenAPI documents), and linked into the graph
 * that validation, defaulting and merging walk. Linking resolves references, adds the defaults that Kubernetes has in
 * code, and reads from each published default what Go writes and what it leaves out.
 */

const definitions: Readonly<Record<string, JsonObject>> = published.definitions;
const referencePrefix = "#/components/schemas/";

/** The Kubernetes release that the schemas are from: `v1.34.4`. */
export const publishedVersion: string = published.version;

/** The published definition called `name` and all that it refers to, by name. */
export function publishedClosure(names: readonly string[]): Readonly<Record<string, JsonObject>> {
  const wanted = new Set(names);
  for (const name of wanted) {
    for (const referred of referencesIn(definitions[name] ?? {})) wanted.add(referred);
  }
  return Object.fromEntries([...wanted].sort().map((name) => [name, definitions[name] ?? {}]));
}

/** The name of the definition that describes a kind, `io.k8s.api.apps.v1.Deployment` for instance. */
export function publishedName(kind: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): string | undefined {
  const isServed = (entry: unknown) =>
    isRecord(entry) &&
    entry["group"] === kind.group &&
    entry["version"] === kind.version &&
    entry["kind"] === kind.kind;
  const match = Object.entries(definitions).find(([, definition]) => {
    const served = definition["x-kubernetes-group-version-kind"];
    return Array.isArray(served) && served.some(isServed);
  });
  return match?.[0];
}

/** What the published definition says of a member; `""` if it says nothing. */
export function publishedDescription(name: string, member: string): string {
  const properties = definitions[name]?.["properties"];
  const property = isRecord(properties) ? properties[member] : undefined;
  const description = isRecord(property) ? property["description"] : undefined;
  return typeof description === "string" ? (description.split("\n\nPossible enum values:")[0] ?? "") : "";
}

/** Creates the function that links definitions by name, each once, so that cycles close on the same objects. */
export function createSchemaLinker(): (name: string) => StructuralSchema {
  const linked = new Map<string, StructuralSchema>();
  const linkDefinition = (name: string): StructuralSchema => {
    const known = linked.get(name);
    if (known !== undefined) return known;
    const schema: StructuralSchema = {};
    linked.set(name, schema);
    return Object.assign(schema, linkNode(definitions[name] ?? {}, { name, linkDefinition }), extrasOf(name));
  };
  return linkDefinition;
}

interface Linking {
  /** The definition that is being linked. */
  readonly name: string;
  readonly linkDefinition: (name: string) => StructuralSchema;
}

function linkNode(node: JsonObject, linking: Linking): StructuralSchema {
  const name = referenceOf(node);
  if (name !== undefined) return withMergeKeywords(linking.linkDefinition(name), node);
  const { default: _zero, description: _text, enum: _known, oneOf, ...kept } = node; // Go reads any text: rules say which
  const isIntOrString = node["format"] === "int-or-string";
  const link = (value: JsonValue | undefined) =>
    isRecord(value) ? linkNode(asObject(value), linking) : undefined;
  return asSchema({
    ...kept,
    oneOf: isIntOrString ? undefined : oneOf,
    allowsDuplicates: true,
    properties: linkProperties(node, linking),
    additionalProperties: link(node["additionalProperties"]),
    items: link(node["items"]),
    "x-kubernetes-preserve-unknown-fields": isOpaque(node) ? true : undefined,
    "x-kubernetes-int-or-string": isIntOrString ? true : undefined,
  });
}

function linkProperties({ properties, required }: JsonObject, linking: Linking) {
  if (!isRecord(properties)) return undefined;
  const entries = Object.entries(properties).map(([key, value]): [string, StructuralSchema] => {
    const property = isRecord(value) ? asObject(value) : {};
    const isRequired = Array.isArray(required) && required.includes(key);
    const written = writtenValues(property, isRequired, linking);
    const schema = linkNode(property, linking);
    // A definition that refers to itself is not whole yet: a copy would stay without its members.
    return [key, Object.keys(written).length === 0 ? schema : { ...schema, ...written }];
  });
  return Object.fromEntries(entries);
}

/**
 * A published default is a value that Go writes where a client gives none. That of a required member is only Go's
 * zero value, which validation refuses, but for the status, where controllers may leave it out.
 */
function writtenValues(
  property: JsonObject,
  isRequired: boolean,
  { name }: Linking,
): Partial<StructuralSchema> {
  const written = property["default"];
  if (written === undefined) return isCollection(property) ? writtenCollection(property, isRequired) : {};
  const isObserved = /Status$|\.ContainerState/.test(name);
  return isRequired && !isObserved ? { implied: written } : { implied: written, default: written };
}

function writtenCollection(property: JsonObject, isRequired: boolean): Partial<StructuralSchema> {
  if (!isRequired) return { omitEmpty: true };
  return { implied: property["type"] === "array" ? [] : {} };
}

function isCollection(property: JsonObject): boolean {
  return property["type"] === "array" || property["additionalProperties"] !== undefined;
}

/** A property may say how its type merges there; no published type does so on a reference to itself. */
function withMergeKeywords(definition: StructuralSchema, node: JsonObject): StructuralSchema {
  const keywords = Object.entries(node).filter(([key]) => mergeKeywords.has(key));
  return keywords.length === 0 ? definition : asSchema({ ...definition, ...Object.fromEntries(keywords) });
}

const mergeKeywords: ReadonlySet<string> = new Set(["x-kubernetes-map-type", "x-kubernetes-patch-strategy"]);

/** What only one definition has: its defaults, and the merge rule that Kubernetes itself hard-codes for it. */
function extrasOf(name: string): Partial<StructuralSchema> {
  const goType = name.split(".").slice(-2).join(".");
  if (name.endsWith(".RawExtension")) return { goType, "x-kubernetes-map-type": "atomic" };
  // What a definition must have, its own rules say.
  if (name.includes(".apiextensions.")) return { goType, required: undefined, ...derivedOf(name) };
  return { goType, ...derivedOf(name) };
}

function derivedOf(name: string): Partial<StructuralSchema> {
  const derivedDefaults = builtinDefaults[name.split(".").slice(-3).join(".")];
  return derivedDefaults === undefined ? {} : { derivedDefaults };
}

/** An object whose content is not described may hold anything. */
function isOpaque(node: JsonObject): boolean {
  const described = ["properties", "additionalProperties", "items", "oneOf"].some((key) => key in node);
  return !described && (node["type"] === undefined || node["type"] === "object");
}

function referenceOf(node: JsonObject): string | undefined {
  const direct = node["$ref"];
  const wrapped = Array.isArray(node["allOf"]) ? node["allOf"][0] : undefined;
  const reference = direct ?? (isRecord(wrapped) ? wrapped["$ref"] : undefined);
  return typeof reference === "string" ? reference.slice(referencePrefix.length) : undefined;
}

function referencesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  const reference = value["$ref"];
  const own = typeof reference === "string" ? [reference.slice(referencePrefix.length)] : [];
  return [...own, ...Object.values(value).flatMap(referencesIn)];
}

// The generated file is ours: these name what its values are, they do not check it.
function asSchema(value: Record<string, unknown>): StructuralSchema {
  return value as StructuralSchema;
}

function asObject(value: Record<string, unknown>): JsonObject {
  return value as JsonObject;
}
