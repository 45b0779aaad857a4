import { asObject, isRecord, type JsonObject, type JsonValue, objectAt } from "@lmos/primitives";
import type { ResourceDefinition } from "@lmos/resource-definitions";

/** The definition that `metadata` refers to. */
export const objectMetaName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

const conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

const typeMembers: JsonObject = {
  apiVersion: {
    type: "string",
    description: `APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: ${conventions}#resources`,
  },
  kind: {
    type: "string",
    description: `Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${conventions}#types-kinds`,
  },
  metadata: {
    allOf: [{ $ref: `#/components/schemas/${objectMetaName}` }],
    description: `Standard object's metadata. More info: ${conventions}#metadata`,
  },
};

/** The schema of a custom kind as its CustomResourceDefinition gives it, with the members that every object has. */
export function customSchema(definition: ResourceDefinition): JsonObject {
  const { schema, group, version, kind, selectableFields = [] } = definition;
  const given = published(asJson(schema ?? { "x-kubernetes-preserve-unknown-fields": true }));
  return {
    ...given,
    type: "object",
    properties: { ...objectAt(given, "properties"), ...typeMembers },
    "x-kubernetes-group-version-kind": [{ group, version, kind }],
    ...(selectableFields.length === 0
      ? {}
      : { "x-kubernetes-selectable-fields": selectableFields.map((fieldPath) => ({ fieldPath })) }),
  };
}

/** As Kubernetes publishes it: what may be a number or a text says so in standard words too. */
function published(schema: JsonObject): JsonObject {
  const members = Object.entries(schema).map(([key, value]): [string, JsonValue] => {
    if (key === "properties") return [key, publishedMembers(asObject(value) ?? {})];
    const isSchema = key === "items" || key === "additionalProperties";
    return [key, isSchema && isRecord(value) ? published(asJson(value)) : value];
  });
  const either = { anyOf: [{ type: "integer" }, { type: "string" }] };
  const needsEither = schema["x-kubernetes-int-or-string"] === true && schema["anyOf"] === undefined;
  return { ...Object.fromEntries(members), ...(needsEither ? either : {}) };
}

function publishedMembers(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, published(asObject(schema) ?? {})]),
  );
}

/** A custom kind's schema is the JSON that it was read from; only `metadata`, replaced here, is linked into a graph. */
function asJson(schema: object): JsonObject {
  return asObject(schema) ?? {};
}
