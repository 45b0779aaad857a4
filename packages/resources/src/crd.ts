/**
 * CustomResourceDefinitions from Zod schemas: JSON Schema as Zod writes it, reduced to what Kubernetes calls a
 * structural schema. Defaults stay out of it (readers fill them in), so that what a user applied is what is stored.
 */
import { isRecord } from "@lmos/primitives";
import { z } from "zod";
import type { CustomKind } from "./kind.ts";

const droppedKeywords = new Set(["$schema", "default", "propertyNames"]);
/** Zod bounds every integer by the safe range of JavaScript; a CRD says `format: int64` instead. */
const integerBounds = new Set(["minimum", "maximum"]);

/** The CustomResourceDefinition (apiextensions.k8s.io/v1) of a kind. */
export function customResourceDefinition(kind: CustomKind<unknown>): Record<string, unknown> {
  const { schema, hasStatus } = objectSchema(kind);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${kind.plural}.${kind.group}` },
    spec: {
      group: kind.group,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.singular,
        shortNames: kind.shortNames,
        categories: ["lmos"],
      },
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      versions: [
        {
          name: kind.version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          // A kind that says nothing of itself has no status to write.
          ...(hasStatus ? { subresources: { status: {} } } : {}),
          additionalPrinterColumns: kind.columns,
        },
      ],
    },
  };
}

/** The structural schema of a kind's objects, as its CustomResourceDefinition has it. */
export function customResourceSchema(kind: CustomKind<unknown>): Readonly<Record<string, unknown>> {
  return objectSchema(kind).schema;
}

interface ObjectSchema {
  readonly schema: Record<string, unknown>;
  readonly hasStatus: boolean;
}

function objectSchema(kind: CustomKind<unknown>): ObjectSchema {
  const written = z.toJSONSchema(kind.schema, { io: "input", target: "openapi-3.0" });
  const properties = isRecord(written.properties) ? written.properties : {};
  const required = (written.required ?? []).filter((name) => name === "spec");
  const hasStatus = properties["status"] !== undefined;
  const schema = {
    type: "object",
    description: kind.description,
    ...(required.length > 0 ? { required } : {}),
    properties: {
      apiVersion: { type: "string", description: "Version of the schema of this object." },
      kind: { type: "string", description: "Name of the kind." },
      metadata: { type: "object" },
      spec: structural(properties["spec"]),
      ...(hasStatus ? { status: structural(properties["status"]) } : {}),
    },
    ...(kind.rules === undefined ? {} : { "x-kubernetes-validations": kind.rules }),
  };
  return { schema, hasStatus };
}

/** The structural form of one JSON Schema node. */
function structural(node: unknown): Record<string, unknown> {
  if (!isRecord(node)) return {};
  const isInteger = node["type"] === "integer";
  const kept = Object.entries(node).filter(
    ([keyword, value]) =>
      !droppedKeywords.has(keyword) &&
      !(isInteger && integerBounds.has(keyword)) &&
      !(keyword === "additionalProperties" && !isRecord(value)), // true or false; a schema makes it a map
  );
  const converted = kept.map(([keyword, value]) => [keyword, structuralMember(keyword, value)] as const);
  return { ...Object.fromEntries(converted), ...(isInteger ? { format: "int64" } : {}) };
}

function structuralMember(keyword: string, value: unknown): unknown {
  if (keyword === "items" || keyword === "additionalProperties") return structural(value);
  if (keyword !== "properties" || !isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, structural(member)]));
}
