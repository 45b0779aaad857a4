import type { JsonObject, JsonValue } from "@lmos/primitives";
import type { Area, Case } from "../conformance/case.ts";
import { definitions, specSchema } from "../conformance/objects.ts";
import { post } from "../conformance/steps.ts";

const open = specSchema({ type: "object", "x-kubernetes-preserve-unknown-fields": true });

interface Parts {
  readonly names?: JsonObject;
  readonly spec?: JsonObject;
  readonly version?: JsonObject;
  readonly schema?: JsonObject;
}

const definition = ({ names = {}, spec = {}, version = {}, schema = open }: Parts): JsonObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.<group>" },
  spec: {
    group: "<group>",
    scope: "Namespaced",
    names: { kind: "Gadget", plural: "gadgets", ...names },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
    ...spec,
  },
});

/** Each must be refused, with the same words. */
const refused = (name: string, ...parts: readonly Parts[]): Case => ({
  name,
  steps: parts.map((part) =>
    post(`${definitions}?dryRun=All`, definition(part), { status: 422, holds: { reason: "Invalid" } }),
  ),
});

/** Schemas of one member `a` below `spec`. */
const member = (a: JsonValue): Parts => ({
  schema: specSchema({ type: "object", properties: { a } }),
});
const root = (schema: JsonObject): Parts => ({ schema: { type: "object", ...schema } });
const ofSpec = (properties: JsonObject, version: JsonObject): Parts => ({
  schema: specSchema({ type: "object", properties }),
  version: { schema: { openAPIV3Schema: specSchema({ type: "object", properties }) }, ...version },
});

const text = { type: "string" };
const keyed = (items: JsonObject, keys: readonly string[] = ["k"]): JsonObject => ({
  type: "array",
  items,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": keys,
});
const setOf = (items: JsonObject): JsonObject => ({
  type: "array",
  items,
  "x-kubernetes-list-type": "set",
});
const ruled = (...rules: readonly JsonObject[]): JsonObject => ({
  ...text,
  "x-kubernetes-validations": rules,
});

/** What a CustomResourceDefinition may not be, in kube-apiserver's words. */
export const refusedDefinitionCases: Area = {
  title: "Refused CustomResourceDefinitions",
  cases: [
    refused(
      "a definition's kind and list kind are labels in mixed case, and differ",
      {
        names: { kind: "" },
      },
      {
        names: { kind: "gadget thing" },
      },
      {
        names: { kind: "Kind_1" },
      },
      {
        names: { listKind: "Gadget" },
      },
      {
        names: { listKind: "bad name" },
      },
    ),
    refused(
      "a definition's plural, singular and short names are labels",
      { names: { plural: "Gadgets" } },
      { names: { plural: "x".repeat(64) } },
      { names: { singular: "Bad_Name" } },
      { names: { shortNames: ["A"] } },
      { names: { shortNames: [""] } },
      { names: { categories: ["A b"] } },
    ),
    refused(
      "a definition's group is a domain",
      { spec: { group: "nodots" } },
      { spec: { group: "" } },
      { spec: { group: "Bad.Group" } },
    ),
    refused("a group of Kubernetes' community needs its approval", { spec: { group: "x.k8s.io" } }),
    refused(
      "a definition has a scope and versions",
      { spec: { scope: "" } },
      { spec: { scope: "Everywhere" } },
      { spec: { versions: [] } },
      { spec: { versions: null } },
    ),
    {
      name: "a definition without anything is told all that is missing",
      steps: [{}, { spec: {} }].map((rest) =>
        post(
          definitions,
          {
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name: "x" },
            ...rest,
          },
          { status: 422 },
        ),
      ),
    },
    refused(
      "a version's name is a label",
      { version: { name: "V1" } },
      { version: { name: "" } },
      { version: { name: "1" } },
    ),
    refused(
      "a warning of deprecation belongs to a deprecated version, in one printable line",
      { version: { deprecationWarning: "bye" } },
      { version: { deprecated: true, deprecationWarning: "" } },
      { version: { deprecated: true, deprecationWarning: "a\nb" } },
    ),
    refused("two versions may not have one name", {
      spec: {
        versions: [true, false].map((storage) => ({
          name: "v1",
          served: true,
          storage,
          schema: { openAPIV3Schema: open },
        })),
      },
    }),
    refused("unknown fields are preserved by the schema only", { spec: { preserveUnknownFields: true } }),
    refused(
      "a conversion is none, or by a webhook that is told",
      { spec: { conversion: { strategy: "Magic" } } },
      { spec: { conversion: { strategy: "Webhook" } } },
      {
        spec: {
          conversion: {
            strategy: "Webhook",
            webhook: { conversionReviewVersions: ["v1"], clientConfig: { url: "http://x" } },
          },
        },
      },
    ),
    refused(
      "a column has a name, a type, a path and a known format",
      ...[
        { name: "", type: "string", jsonPath: ".a" },
        { name: "A", type: "string" },
        { name: "A", jsonPath: ".a" },
        { name: "A", type: "string", jsonPath: "{.a}" },
        { name: "A", type: "string", format: "nope", jsonPath: ".a" },
      ].map((column) => ({ version: { additionalPrinterColumns: [column] } })),
    ),
    refused(
      "the scale subresource reads from spec and status",
      ...[
        {},
        { specReplicasPath: ".status.x", statusReplicasPath: ".spec.y" },
        { specReplicasPath: "spec.replicas", statusReplicasPath: ".status.replicas" },
        { specReplicasPath: ".spec", statusReplicasPath: ".status" },
        { specReplicasPath: ".spec.r", statusReplicasPath: ".status.r", labelSelectorPath: ".x" },
      ].map((scale) => ({ version: { subresources: { scale } } })),
    ),
    refused(
      "a selectable field is a scalar member of the schema, told once",
      ...[".spec.z.a", "", ".metadata.name", ".spec.a[0]", "spec"].map((jsonPath) => ({
        version: { selectableFields: [{ jsonPath }] },
      })),
      ofSpec(
        {
          a: { type: "array", items: text },
          o: { type: "object" },
          b: { type: "boolean" },
          n: { type: "number" },
        },
        {
          selectableFields: [".spec.a", ".spec.o", ".spec.b", ".spec.n", ".spec.b"].map((jsonPath) => ({
            jsonPath,
          })),
        },
      ),
    ),
    refused(
      "a schema says nothing of metadata but its names, and of type members that they are texts",
      root({ properties: { metadata: { type: "object", properties: { labels: { type: "object" } } } } }),
      root({ properties: { metadata: text } }),
      root({ properties: { kind: { type: "integer" } } }),
    ),
    refused(
      "keywords of OpenAPI that Kubernetes leaves out are refused",
      ...[
        { $schema: "x" },
        { definitions: { a: {} } },
        { id: "x" },
        { patternProperties: { a: {} } },
        { dependencies: { a: ["b"] } },
        { additionalItems: true },
        { nullable: true },
        { "x-kubernetes-preserve-unknown-fields": false },
      ].map(root),
    ),
    refused(
      "a list has one schema for its items, and null is no type",
      member({ type: "array", items: [text] }),
      member({ type: "null" }),
    ),
    refused(
      "combinations of schemas only restrict",
      ...[
        { anyOf: [{ properties: { b: text } }] },
        { not: { description: "x" } },
        { anyOf: [{ default: {} }] },
        { allOf: [{ properties: { metadata: { required: ["x"] } } }] },
        { oneOf: [{ nullable: true }] },
      ].map((more) => member({ type: "object", ...more })),
      member({ "x-kubernetes-int-or-string": true, anyOf: [text] }),
    ),
    refused(
      "the keys of a list map are scalar members that every item has, told once",
      member(keyed({ type: "object", properties: { k: text } })),
      member(keyed({ type: "object", required: ["k"], properties: { k: { type: "object" } } })),
      member(keyed(text)),
      member(keyed({ type: "object", required: ["k"], properties: { k: text } }, ["k", "k"])),
      member({ type: "array", items: text, "x-kubernetes-list-map-keys": ["k"] }),
    ),
    refused(
      "types of lists and maps stand where they belong",
      member({ type: "object", "x-kubernetes-list-type": "atomic" }),
      member({ ...text, "x-kubernetes-map-type": "atomic" }),
      member({ type: "object", "x-kubernetes-map-type": "nope" }),
      member(setOf({ type: "object" })),
      member(setOf({ ...text, nullable: true })),
      member(setOf({ ...setOf(text) })),
    ),
    refused(
      "an embedded resource is an object with members",
      member({ ...text, "x-kubernetes-embedded-resource": true }),
      member({ type: "object", "x-kubernetes-embedded-resource": true }),
    ),
    refused(
      "a rule is given, and no option of it is idle",
      member(ruled({})),
      member(ruled({ rule: "self ==" })),
      member(ruled({ rule: "self == oldSelf", optionalOldSelf: true })),
    ),
  ],
};
