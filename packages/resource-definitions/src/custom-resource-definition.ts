import { isRecord, type JsonObject, objectAt, objectsAt, textAt } from "@lmos/primitives";
import { compileRules, type FieldError, invalid, type StructuralSchema } from "@lmos/structural-schema";
import { objectMetaSchema } from "./builtin/builtin-kinds.ts";
import {
  approvalErrors,
  groupErrors,
  kindNameErrors,
  kindNames,
  ownNameErrors,
} from "./definition-rules/names.ts";
import {
  conversionErrors,
  schemaOf,
  sharedErrors,
  storedVersionErrors,
  versionErrors,
  versionsOf,
} from "./definition-rules/versions.ts";
import type { PrinterColumn, ResourceDefinition, ScaleSubresource } from "./resource-definition.ts";

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
  const errors = [...ownNameErrors(crd), ...specErrors(spec)];
  if (errors.length > 0) return { kind: "invalid", errors };
  const versions = versionsOf(spec);
  const storage = versions.find((version) => version["storage"] === true);
  const storageVersion = textAt(storage ?? {}, "name") ?? "";
  return {
    kind: "defined",
    definitions: versions
      .filter((version) => version["served"] === true)
      .map((version) => ({ ...definitionOf(spec, version), storageVersion })),
    storageVersion,
  };
}

/** What is wrong with a definition beyond its own schema. */
export function customResourceDefinitionRules(
  definition: JsonObject,
  old: JsonObject | undefined,
): readonly FieldError[] {
  return [
    // Later on a name can only be wrong where group or plural are others, which is said by itself.
    ...(old === undefined ? ownNameErrors(definition) : []),
    ...specErrors(objectAt(definition, "spec")),
    ...(old === undefined ? [] : immutableErrors(definition, old)),
    ...storedVersionErrors(definition),
    ...approvalErrors(definition),
  ];
}

function specErrors(spec: JsonObject): readonly FieldError[] {
  return [
    ...groupErrors(spec),
    ...(spec["preserveUnknownFields"] === true
      ? [invalid("spec.preserveUnknownFields", true, preserveUnknown)]
      : []),
    ...versionErrors(spec),
    ...kindNameErrors(spec),
    ...sharedErrors(spec),
    ...conversionErrors(spec),
  ];
}

const preserveUnknown =
  "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";

/** Group, scope and kind stay as they were established. */
function immutableErrors(definition: JsonObject, old: JsonObject): readonly FieldError[] {
  const [spec, before] = [objectAt(definition, "spec"), objectAt(old, "spec")];
  const parts = [
    ["spec.group", spec["group"], before["group"]],
    ["spec.scope", spec["scope"], before["scope"]],
    ["spec.names.kind", objectAt(spec, "names")["kind"], objectAt(before, "names")["kind"]],
    ["spec.names.plural", objectAt(spec, "names")["plural"], objectAt(before, "names")["plural"]],
  ] as const;
  return parts.flatMap(([field, value, known]) =>
    value === known ? [] : [invalid(field, value, "field is immutable")],
  );
}

const allVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

function definitionOf(spec: JsonObject, version: JsonObject): ResourceDefinition {
  const subresources = objectAt(version, "subresources");
  return {
    group: textAt(spec, "group") ?? "",
    version: textAt(version, "name") ?? "",
    ...kindNames(spec),
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
