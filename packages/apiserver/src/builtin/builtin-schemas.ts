import { isRecord, type JsonObject, type JsonValue } from "@lmos/primitives";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { builtinDefaults } from "./builtin-defaults.ts";
import published from "./generated/kubernetes-openapi.json" with { type: "json" };

/**
 * The published schemas of Kubernetes' own types: as they are (for OpenAPI documents), and linked into the graph
 * that validation, defaulting and merging walk. Linking resolves references, drops the published `default`s (they
 * are zero values of Go, not what a server writes) and attaches the real defaults instead.
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

/** Creates the function that links definitions by name, each once, so that cycles close on the same objects. */
export function createSchemaLinker(): (name: string) => StructuralSchema {
  const linked = new Map<string, StructuralSchema>();
  const linkDefinition = (name: string): StructuralSchema => {
    const known = linked.get(name);
    if (known !== undefined) return known;
    const schema: StructuralSchema = {};
    linked.set(name, schema);
    return Object.assign(schema, linkNode(definitions[name] ?? {}, linkDefinition), extrasOf(name));
  };
  return linkDefinition;
}

function linkNode(node: JsonObject, linkDefinition: (name: string) => StructuralSchema): StructuralSchema {
  const name = referenceOf(node);
  if (name !== undefined) return withMergeKeywords(linkDefinition(name), node);
  const { default: _zero, description: _text, ...kept } = node;
  const link = (value: unknown) => (isRecord(value) ? linkNode(asObject(value), linkDefinition) : undefined);
  const { properties, required } = node;
  const linkMember = (value: unknown, key: string) => {
    const isWritten =
      isRecord(value) && value["type"] === "array" && Array.isArray(required) && required.includes(key);
    return isWritten ? { ...link(value), alwaysPresent: true } : link(value);
  };
  return asSchema({
    ...kept,
    allowsDuplicates: true,
    properties: isRecord(properties) ? mapValues(properties, linkMember) : undefined,
    additionalProperties: link(unnamed(node["additionalProperties"])),
    items: link(unnamed(node["items"])),
    "x-kubernetes-preserve-unknown-fields": isOpaque(node) ? true : undefined,
    "x-kubernetes-int-or-string": node["format"] === "int-or-string" ? true : undefined,
  });
}

/** The members of a map or list are not always present, whatever their published default; those types may be cyclic. */
function unnamed(node: unknown): unknown {
  if (!isRecord(node)) return node;
  const { default: _zero, ...kept } = node;
  return kept;
}

/**
 * A property may say how its type merges there, and a default of `{}` is how a Go struct that is always written shows.
 * No published type does so on a reference to itself, so a copy is safe.
 */
function withMergeKeywords(definition: StructuralSchema, node: JsonObject): StructuralSchema {
  const keywords = Object.entries(node).filter(([key]) => mergeKeywords.has(key));
  const alwaysPresent = isRecord(node["default"]);
  if (keywords.length === 0 && !alwaysPresent) return definition;
  return asSchema({
    ...definition,
    ...Object.fromEntries(keywords),
    ...(alwaysPresent ? { alwaysPresent } : {}),
  });
}

const mergeKeywords: ReadonlySet<string> = new Set(["x-kubernetes-map-type", "x-kubernetes-patch-strategy"]);

/** What only one definition has: its defaults, and the merge rule that Kubernetes itself hard-codes for it. */
function extrasOf(name: string): Partial<StructuralSchema> {
  if (name.endsWith(".RawExtension")) return { "x-kubernetes-map-type": "atomic" };
  const shortName = name.split(".").slice(-3).join(".");
  const derived = builtinDefaults[shortName] ?? (isObserved(name) ? zeroValues(name) : undefined);
  return derived === undefined ? {} : { derivedDefaults: derived };
}

/** Types of the status: controllers leave out zero values that the published schema requires and Go writes. */
function isObserved(name: string): boolean {
  return /Status$|\.ContainerState/.test(name);
}

function zeroValues(name: string): (() => JsonObject) | undefined {
  const { required, properties } = definitions[name] ?? {};
  if (!Array.isArray(required) || !isRecord(properties)) return undefined;
  const zeros = required.flatMap((member): [string, JsonValue][] => {
    const property = properties[String(member)];
    return isRecord(property) && property["default"] !== undefined
      ? [[String(member), asValue(property["default"])]]
      : [];
  });
  return () => Object.fromEntries(zeros);
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

function mapValues<T>(
  record: Record<string, unknown>,
  map: (value: unknown, key: string) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

// The generated file is ours: these three name what its values are, they do not check it.
function asSchema(value: Record<string, unknown>): StructuralSchema {
  return value as StructuralSchema;
}

function asObject(value: Record<string, unknown>): JsonObject {
  return value as JsonObject;
}

function asValue(value: unknown): JsonValue {
  return value as JsonValue;
}
