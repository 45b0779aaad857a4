import type { JsonObject } from "@lmos/primitives";
import { type Area, absent, type Case, present } from "../conformance/case.ts";
import { definition, definitions, gadget, gadgets, specSchema } from "../conformance/objects.ts";
import { get, kubectl, mergePatch, post, put, remove, watch } from "../conformance/steps.ts";

const name = "gadgets.<group>";
const simple = specSchema({ type: "object", properties: { size: { type: "integer" } } });

const limitedVersion = {
  name: "v1",
  served: true,
  storage: true,
  schema: {
    openAPIV3Schema: specSchema({
      type: "object",
      properties: { size: { type: "integer", maximum: 5 }, more: { type: "integer" } },
    }),
  },
};

const established = get(`${definitions}/${name}`, {
  until: true,
  compare: "status",
  holds: {
    "status.conditions[].type": ["NamesAccepted", "Established"],
    "status.conditions[1].status": "True",
  },
});

const served = [
  established,
  get(gadgets, { until: true, compare: "status" }),
  // A new definition's storage is not ready for writes at once on a real server.
  post(`${gadgets}?dryRun=All`, gadget("probe", {}), { until: true, compare: "status" }),
];

/** Its status is compared later: a real server writes it in a second step. */
const install = (body: JsonObject, options: Parameters<typeof post>[2] = {}) =>
  post(definitions, body, { compare: ["kind", "metadata.name", "metadata.generation", "spec"], ...options });

const refusedSchema = (
  title: string,
  schema: JsonObject,
  field: RegExp,
  options: Partial<ReturnType<typeof post>> = {},
): Case => ({
  name: title,
  steps: [
    post(definitions, definition({}, specSchema(schema)), {
      status: 422,
      holds: { reason: "Invalid", "details.causes[0].field": field },
      ...options,
    }),
  ],
});

/** CustomResourceDefinitions. */
export const definitionCases: Area = {
  title: "CustomResourceDefinitions",
  cases: [
    {
      name: "a definition is accepted, established and served",
      steps: [
        install(definition({}, simple), {
          holds: {
            "spec.names.singular": "gadget",
            "spec.names.listKind": "GadgetList",
            "spec.conversion.strategy": "None",
          },
        }),
        ...served,
        get(`${definitions}/${name}`, {
          holds: { "status.storedVersions": ["v1"], "status.acceptedNames.kind": "Gadget" },
          compare: ["spec", "status.acceptedNames", "status.storedVersions", "status.conditions[].message"],
        }),
        get("/apis/<group>", { holds: { "preferredVersion.version": "v1" } }),
        get("/apis/<group>/v1", {
          holds: { "resources[].name": ["gadgets"] },
          compare: ["resources[].name", "resources[].verbs"],
        }),
        post(gadgets, gadget("a", { spec: { size: 1 } })),
      ],
    },
    {
      name: "a definition's name must be plural and group",
      steps: [
        post(
          definitions,
          { ...definition({}, simple), metadata: { name: "gadget.<group>" } },
          {
            status: 422,
            holds: { "details.causes[0].field": "metadata.name" },
          },
        ),
      ],
    },
    refusedSchema(
      "a schema without a type is not structural",
      { properties: { a: { description: "x" } } },
      /spec/,
    ),
    refusedSchema(
      "a member without a type is not structural",
      { type: "object", properties: { a: {} } },
      /\[a\]/,
    ),
    refusedSchema("an unknown type is refused", { type: "thing" }, /type/),
    refusedSchema(
      "additionalProperties beside properties is refused",
      { type: "object", properties: { a: { type: "string" } }, additionalProperties: { type: "string" } },
      /additionalProperties/,
    ),
    refusedSchema(
      "a list map without keys is refused",
      { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "map" },
      /list-map-keys/,
    ),
    refusedSchema(
      "uniqueItems is refused",
      { type: "array", uniqueItems: true, items: { type: "string" } },
      /uniqueItems/,
    ),
    refusedSchema(
      "a default that its schema refuses is refused",
      { type: "object", properties: { a: { type: "integer", default: "x" } } },
      /default/,
    ),
    refusedSchema("a pattern that is none is refused", { type: "string", pattern: "(" }, /pattern/, {
      compare: ["reason", "details.causes[].field"],
    }),
    {
      name: "a definition without a storage version, or with two, is refused",
      steps: [
        post(definitions, definition({}, simple, { storage: false }), { status: 422, compare: "reason" }),
      ],
    },
    {
      name: "a definition without a schema is refused",
      steps: [
        post(
          definitions,
          {
            apiVersion: "apiextensions.k8s.io/v1",
            kind: "CustomResourceDefinition",
            metadata: { name },
            spec: {
              group: "<group>",
              scope: "Namespaced",
              names: { kind: "Gadget", plural: "gadgets" },
              versions: [{ name: "v1", served: true, storage: true }],
            },
          },
          { status: 422 },
        ),
      ],
    },
    {
      name: "a definition's scope and group cannot be changed",
      steps: [
        install(definition({}, simple)),
        established,
        mergePatch(`${definitions}/${name}`, { spec: { scope: "Cluster" } }, { status: 422 }),
        mergePatch(`${definitions}/${name}`, { spec: { group: "other.example" } }, { status: 422 }),
      ],
    },
    {
      name: "a changed schema is in force soon after",
      steps: [
        install(definition({}, simple)),
        ...served,
        post(gadgets, gadget("a", { spec: { size: 1, more: 2 } }), { holds: { "spec.more": absent } }),
        put(`${definitions}/${name}`, definition({}, simple), { status: 422, compare: "status" }),
        mergePatch(`${definitions}/${name}`, { spec: { versions: [limitedVersion] } }, { compare: ["spec"] }),
        post(`${gadgets}?dryRun=All`, gadget("b", { spec: { size: 9 } }), { status: 422, until: true }),
        post(gadgets, gadget("c", { spec: { size: 1, more: 2 } }), { holds: { "spec.more": 2 } }),
      ],
    },
    {
      name: "a cluster-scoped kind has no namespace",
      steps: [
        install(definition({ scope: "Cluster" }, simple)),
        established,
        post("/apis/<group>/v1/gadgets", gadget("a", { spec: { size: 1 } }), {
          until: true,
          holds: { "metadata.namespace": absent },
        }),
        get("/apis/<group>/v1/gadgets/a"),
        get(`${gadgets}/a`, { status: 404, compare: "status" }),
      ],
    },
    {
      name: "two versions are served, one stored, with no conversion but the version's name",
      steps: [
        install({
          ...definition({}, simple),
          spec: {
            group: "<group>",
            scope: "Namespaced",
            names: { kind: "Gadget", plural: "gadgets" },
            versions: [
              { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: simple } },
              { name: "v1beta1", served: true, storage: false, schema: { openAPIV3Schema: simple } },
            ],
          },
        }),
        ...served,
        post(gadgets, gadget("a", { spec: { size: 1 } })),
        get("/apis/<group>/v1beta1/namespaces/<ns>/gadgets/a", {
          until: true,
          holds: { apiVersion: "<group>/v1beta1", "spec.size": 1 },
        }),
        post(
          "/apis/<group>/v1beta1/namespaces/<ns>/gadgets",
          { ...gadget("b", { spec: { size: 2 } }), apiVersion: "<group>/v1beta1" },
          { holds: { apiVersion: "<group>/v1beta1" } },
        ),
        get(gadgets, { holds: { "items[].apiVersion": ["<group>/v1", "<group>/v1"] } }),
        get("/apis/<group>", { holds: { "versions[].version": ["v1", "v1beta1"] } }),
      ],
    },
    {
      name: "a version that is not served is NotFound",
      steps: [
        install({
          ...definition({}, simple),
          spec: {
            group: "<group>",
            scope: "Namespaced",
            names: { kind: "Gadget", plural: "gadgets" },
            versions: [
              { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: simple } },
              { name: "v2", served: false, storage: false, schema: { openAPIV3Schema: simple } },
            ],
          },
        }),
        ...served,
        get("/apis/<group>/v2/namespaces/<ns>/gadgets", { status: 404, compare: "status" }),
      ],
    },
    {
      name: "printer columns make the Table",
      steps: [
        install(
          definition({}, simple, {
            additionalPrinterColumns: [
              { name: "Size", type: "integer", jsonPath: ".spec.size" },
              { name: "Wide", type: "string", jsonPath: ".metadata.labels.wide", priority: 1 },
            ],
          }),
        ),
        ...served,
        post(gadgets, gadget("a", { spec: { size: 4 } })),
        get(gadgets, {
          headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
          until: true,
          holds: {
            kind: "Table",
            "columnDefinitions[].name": ["Name", "Size", "Wide"],
            "rows[].cells": present,
          },
        }),
        get(`${gadgets}?includeObject=None`, {
          headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
        }),
        get(`${gadgets}/a?includeObject=Object`, {
          headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
          holds: { "rows[0].object.kind": "Gadget" },
        }),
      ],
    },
    {
      name: "a definition without columns shows name and age",
      steps: [
        install(definition({}, simple)),
        ...served,
        post(gadgets, gadget("a", {})),
        get(gadgets, {
          headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
          holds: { "columnDefinitions[].name": ["Name", "Age"] },
        }),
      ],
    },
    {
      name: "objects are listed as metadata only",
      steps: [
        install(definition({}, simple)),
        ...served,
        post(gadgets, gadget("a", { spec: { size: 4 } })),
        get(gadgets, {
          headers: { Accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" },
          holds: { kind: "PartialObjectMetadataList", "items[0].spec": absent },
        }),
        get(`${gadgets}/a`, {
          headers: { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" },
          holds: { kind: "PartialObjectMetadata", spec: absent },
        }),
      ],
    },
    {
      name: "a deleted definition takes its objects and its path with it",
      steps: [
        install(definition({}, simple)),
        ...served,
        post(gadgets, gadget("a", {})),
        remove(`${definitions}/${name}`, { compare: ["kind", "metadata.name"] }),
        get(`${definitions}/${name}`, { status: 404, until: true }),
        get(gadgets, { status: 404, until: true, compare: "status" }),
        install(definition({}, simple)),
        established,
        get(gadgets, { until: true, holds: { items: [] } }),
      ],
    },
    {
      name: "a watch ends when the definition is deleted, with its objects",
      steps: [
        install(definition({}, simple)),
        ...served,
        post(gadgets, gadget("a", {}), { save: { version: "metadata.resourceVersion" } }),
        watch(`${gadgets}?watch=1&resourceVersion=<version>`, {
          during: [remove(`${definitions}/${name}`, { compare: "status" })],
          take: 1,
          events: [{ type: "DELETED", "object.metadata.name": "a" }],
        }),
      ],
    },
    {
      name: "names that another definition has are not accepted",
      steps: [
        install(definition({}, simple)),
        established,
        install({
          ...definition({ plural: "gadgetries", kind: "Gadget" }, simple),
        }),
        get(`${definitions}/gadgetries.<group>`, {
          until: true,
          holds: {
            "status.conditions[0].status": "False",
            "status.conditions[0].reason": "ListKindConflict",
          },
          compare: ["status.conditions[].type", "status.conditions[].reason", "status.conditions[].message"],
        }),
      ],
    },
    {
      name: "kubectl shows a definition and its objects",
      steps: [
        kubectl("apply -f -", {
          input: JSON.stringify(definition({}, simple)),
          stdout: "customresourcedefinition.apiextensions.k8s.io/gadgets.<group> created",
        }),
        kubectl("wait --for=condition=Established crd/gadgets.<group> --timeout=10s", {
          stdout: "condition met",
        }),
        kubectl("get crd gadgets.<group>", { stdout: "gadgets.<group>" }),
        kubectl("create -f -", {
          input: JSON.stringify(gadget("a", { spec: { size: 1 } })),
          until: true,
          stdout: "gadget.<group>/a created",
        }),
        kubectl("get gadgets.<group>"),
        kubectl("delete crd gadgets.<group>", { stdout: "deleted" }),
      ],
    },
  ],
};
