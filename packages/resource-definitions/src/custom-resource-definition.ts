import {
  isRecord,
  type JsonObject,
  type JsonValue,
  jsonEqual,
  objectAt,
  objectsAt,
  textAt,
  textsAt,
} from "@lmos/primitives";
import { compileRules, type FieldError, type StructuralSchema } from "@lmos/structural-schema";
import { objectMetaSchema } from "./builtin/builtin-kinds.ts";
import { parseJsonPath } from "./json-path.ts";
import type { PrinterColumn, ResourceDefinition, ScaleSubresource } from "./resource-definition.ts";
import { structuralErrors } from "./structural-rules.ts";

/** What a CustomResourceDefinition defines, or why it can't. */
export type CustomResources =
  | {
      readonly kind: "defined";
      /** One per served version, in the order of the document. */
      readonly definitions: readonly ResourceDefinition[];
      /** The version that objects are stored in; it may be one that is not served. */
      readonly storageVersion: string;
    }
  | { readonly kind: "invalid"; readonly errors: readonly FieldError[] };

/** Reads a CustomResourceDefinition (`apiextensions.k8s.io/v1`) that its own schema has found valid. */
export function customResourceDefinition(crd: JsonObject): CustomResources {
  const spec = objectAt(crd, "spec");
  const errors = [...nameErrors(crd, spec), ...versionErrors(spec)];
  if (errors.length > 0) return { kind: "invalid", errors };
  const versions = versionsOf(spec);
  const storage = versions.find((version) => version["storage"] === true);
  return {
    kind: "defined",
    definitions: versions
      .filter((version) => version["served"] === true)
      .map((version) => definitionOf(spec, version)),
    storageVersion: textAt(storage ?? {}, "name") ?? "",
  };
}

/** What is wrong with a definition beyond its own schema. */
export function customResourceDefinitionRules(
  definition: JsonObject,
  old: JsonObject | undefined,
): readonly FieldError[] {
  const changed =
    old === undefined ? [] : immutableErrors(objectAt(definition, "spec"), objectAt(old, "spec"));
  if (changed.length > 0) return changed;
  const read = customResourceDefinition(definition);
  return read.kind === "invalid" ? read.errors : [];
}

/** Group, scope and kind stay as they were established. */
function immutableErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const faults = ["group", "scope"].filter((member) => spec[member] !== old[member]);
  const detail = "field is immutable";
  return faults.map((member) => ({ kind: "Invalid", field: `spec.${member}`, value: spec[member], detail }));
}

const allVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

function definitionOf(spec: JsonObject, version: JsonObject): ResourceDefinition {
  const names = objectAt(spec, "names");
  const kind = textAt(names, "kind") ?? "";
  const subresources = objectAt(version, "subresources");
  return {
    group: textAt(spec, "group") ?? "",
    version: textAt(version, "name") ?? "",
    kind,
    listKind: textAt(names, "listKind") ?? `${kind}List`,
    plural: textAt(names, "plural") ?? "",
    singular: textAt(names, "singular") ?? kind.toLowerCase(),
    shortNames: textsAt(names, "shortNames"),
    categories: textsAt(names, "categories"),
    namespaced: spec["scope"] === "Namespaced",
    verbs: allVerbs,
    schema: rootSchema(schemaOf(version)),
    rules: compileRules(schemaOf(version), "").root,
    subresources: { status: isRecord(subresources["status"]), scale: scaleOf(subresources) },
    columns: objectsAt(version, "additionalPrinterColumns").flatMap(columnOf),
    selectableFields: objectsAt(version, "selectableFields").flatMap(
      (field) => textAt(field, "jsonPath")?.slice(1) ?? [],
    ),
    origin: "custom",
  };
}

/** The schema as given, with the members that every object has. */
function rootSchema(schema: StructuralSchema): StructuralSchema {
  const { apiVersion, kind } = schema.properties ?? {};
  const text: StructuralSchema = { type: "string" };
  const properties = {
    apiVersion: apiVersion ?? text,
    kind: kind ?? text,
    ...schema.properties,
    metadata: objectMetaSchema,
  };
  return { ...schema, properties };
}

function scaleOf(subresources: JsonObject): ScaleSubresource | undefined {
  if (!isRecord(subresources["scale"])) return undefined;
  const scale = objectAt(subresources, "scale");
  return {
    specReplicasPath: textAt(scale, "specReplicasPath") ?? "",
    statusReplicasPath: textAt(scale, "statusReplicasPath") ?? "",
    labelSelectorPath: textAt(scale, "labelSelectorPath"),
  };
}

function columnOf({
  name,
  type,
  format,
  description,
  priority,
  jsonPath,
}: JsonObject): readonly PrinterColumn[] {
  if (typeof name !== "string" || typeof type !== "string" || typeof jsonPath !== "string") return [];
  return [
    {
      name,
      type,
      jsonPath,
      format: typeof format === "string" ? format : undefined,
      description: typeof description === "string" ? description : undefined,
      priority: typeof priority === "number" ? priority : undefined,
    },
  ];
}

function nameErrors(crd: JsonObject, spec: JsonObject): readonly FieldError[] {
  const group = textAt(spec, "group") ?? "";
  const plural = textAt(objectAt(spec, "names"), "plural") ?? "";
  const name = textAt(objectAt(crd, "metadata"), "name");
  const errors: FieldError[] = [];
  if (name !== `${plural}.${group}`) {
    const detail = 'must be spec.names.plural+"."+spec.group';
    errors.push({ kind: "Invalid", field: "metadata.name", value: name, detail });
  }
  if (!group.includes(".")) {
    const detail = "should be a domain with at least one dot";
    errors.push({ kind: "Invalid", field: "spec.group", value: group, detail });
  }
  if (spec["scope"] !== "Namespaced" && spec["scope"] !== "Cluster") {
    const detail = 'supported values: "Cluster", "Namespaced"';
    errors.push({ kind: "NotSupported", field: "spec.scope", value: spec["scope"], detail });
  }
  return errors;
}

function versionErrors(spec: JsonObject): readonly FieldError[] {
  const versions = versionsOf(spec);
  const stored = versions.filter((version) => version["storage"] === true);
  const errors = [
    ...perVersion(versions, schemaIn, "openAPIV3Schema").flatMap(schemaErrors),
    ...perVersion(versions, columnsIn, "additionalPrinterColumns").flatMap(columnErrors),
  ];
  if (stored.length === 1) return errors;
  const detail = "must have exactly one version marked as storage version";
  return [...errors, { kind: "Invalid", field: "spec.versions", value: spec["versions"], detail }];
}

interface VersionPart {
  readonly part: JsonValue | undefined;
  /** Where faults of the part are reported. */
  readonly path: string;
}

/** A part of each version; what all versions share only once, under the path that Kubernetes gives it then. */
function perVersion(
  versions: readonly JsonObject[],
  partOf: (version: JsonObject) => JsonValue | undefined,
  member: "openAPIV3Schema" | "additionalPrinterColumns",
): readonly VersionPart[] {
  const [sharedParent, ownParent] = member === "openAPIV3Schema" ? ["validation.", "schema."] : ["", ""];
  const parts = versions.map((version, index) => ({
    part: partOf(version),
    path: `spec.versions[${index}].${ownParent}${member}`,
  }));
  const [first] = parts;
  if (first?.part === undefined || !parts.every(({ part }) => jsonEqual(part, first.part))) return parts;
  return [{ part: first.part, path: `spec.${sharedParent}${member}` }];
}

function schemaErrors({ part, path }: VersionPart): readonly FieldError[] {
  if (part === undefined) return [{ kind: "Required", field: path, detail: "" }];
  const errors = structuralErrors(part, path);
  return errors.length > 0 ? errors : compileRules(asSchema(part), path).errors;
}

function columnErrors({ part, path }: VersionPart): readonly FieldError[] {
  return objectsAt({ part: part ?? [] }, "part").flatMap(({ type, jsonPath }, index): FieldError[] => {
    const errors: FieldError[] = [];
    if (!columnTypes.some((known) => known === type)) {
      const detail = `must be one of ${columnTypes.join(",")}`;
      errors.push({ kind: "Invalid", field: `${path}[${index}].type`, value: type, detail });
    }
    if (typeof jsonPath !== "string" || !jsonPath.startsWith(".") || parseJsonPath(jsonPath) === undefined) {
      const detail = "must be a simple json path starting with .";
      errors.push({ kind: "Invalid", field: `${path}[${index}].JSONPath`, value: jsonPath, detail });
    }
    return errors;
  });
}

const columnTypes = ["boolean", "date", "integer", "number", "string"];

function schemaIn(version: JsonObject): JsonValue | undefined {
  return objectAt(version, "schema")["openAPIV3Schema"];
}

function columnsIn(version: JsonObject): JsonValue | undefined {
  return version["additionalPrinterColumns"];
}

function versionsOf(spec: JsonObject): readonly JsonObject[] {
  return objectsAt(spec, "versions");
}

function schemaOf(version: JsonObject): StructuralSchema {
  return asSchema(objectAt(objectAt(version, "schema"), "openAPIV3Schema"));
}

/** Parses the schema of a version, which {@link structuralErrors} has checked. */
function asSchema(schema: JsonValue): StructuralSchema {
  return schema as StructuralSchema;
}
