import type { JsonObject } from "@lmos/primitives";
import { type Area, absent } from "../conformance/case.ts";
import { definition, definitions, gadget, gadgets } from "../conformance/objects.ts";
import { get, jsonPatch, mergePatch, post, remove, watch } from "../conformance/steps.ts";

const specAt = "/spec/versions/0/schema/openAPIV3Schema/properties/spec";
const path = `${definitions}/gadgets.<group>`;

const install = (spec: JsonObject, version: JsonObject = {}) =>
  post(definitions, definition({}, { type: "object", properties: { spec } }, version), { compare: "status" });

const made = (spec: JsonObject) =>
  post(gadgets, gadget("a", { spec }), {
    until: true,
    save: { version: "metadata.resourceVersion" },
    compare: ["spec"],
  });

const change = (op: "add" | "replace" | "remove", at: string, value?: JsonObject | readonly JsonObject[]) =>
  jsonPatch(path, [value === undefined ? { op, path: at } : { op, path: at, value }], { compare: "status" });

const sized: JsonObject = {
  type: "object",
  properties: { size: { type: "integer" }, colour: { type: "string", maxLength: 10 } },
};

/** Definitions that change while there are objects. */
export const changedDefinitionCases: Area = {
  title: "Changed definitions",
  cases: [
    {
      name: "a default that is added later is in what was stored before",
      steps: [
        install(sized),
        made({ size: 1 }),
        change("add", `${specAt}/properties/shape`, { type: "string", default: "round" }),
        get(`${gadgets}/a`, {
          until: true,
          holds: { spec: { size: 1, shape: "round" }, "metadata.resourceVersion": "<version>" },
          compare: ["spec", "metadata.generation"],
        }),
        get(gadgets, {
          until: true,
          holds: { "items[].spec.shape": ["round"] },
          compare: ["items[].spec"],
        }),
      ],
    },
    {
      name: "a field that is taken out of the schema is no longer told",
      steps: [
        install(sized),
        made({ size: 1, colour: "red" }),
        change("remove", `${specAt}/properties/colour`),
        get(`${gadgets}/a`, {
          until: true,
          holds: { "spec.size": 1, "spec.colour": absent },
          compare: ["spec"],
        }),
      ],
    },
    {
      name: "a bound that is tightened later holds for new values only",
      steps: [
        install(sized),
        made({ size: 50, colour: "red" }),
        change("replace", `${specAt}/properties/size`, { type: "integer", maximum: 10 }),
        post(`${gadgets}?dryRun=All`, gadget("b", { spec: { size: 50 } }), {
          status: 422,
          until: true,
        }),
        mergePatch(`${gadgets}/a`, { spec: { colour: "blue" } }, { compare: ["spec"] }),
        mergePatch(`${gadgets}/a`, { spec: { size: 51 } }, { status: 422 }),
      ],
    },
    {
      name: "a rule that is added later holds for new values only",
      steps: [
        install(sized),
        made({ size: 50, colour: "red" }),
        change("add", `${specAt}/properties/size/x-kubernetes-validations`, [
          { rule: "self < 10", message: "is too large" },
        ]),
        post(`${gadgets}?dryRun=All`, gadget("b", { spec: { size: 50 } }), { status: 422, until: true }),
        mergePatch(`${gadgets}/a`, { spec: { colour: "blue" } }, { compare: ["spec"] }),
        mergePatch(`${gadgets}/a`, { spec: { size: 51 } }, { status: 422 }),
      ],
    },
    {
      name: "a status subresource that is added later keeps updates of the object from the status",
      steps: [
        install(sized),
        made({ size: 1 }),
        change("add", "/spec/versions/0/subresources", { status: {} }),
        get("/apis/<group>/v1", {
          until: true,
          holds: { "resources[].name": ["gadgets", "gadgets/status"] },
          compare: ["resources[].name", "resources[].verbs"],
        }),
        mergePatch(`${gadgets}/a/status`, {}, { until: true, compare: ["spec"] }),
      ],
    },
    {
      name: "new columns are in the Table",
      steps: [
        install(sized),
        made({ size: 7 }),
        change("add", "/spec/versions/0/additionalPrinterColumns", [
          { name: "Size", type: "integer", jsonPath: ".spec.size" },
        ]),
        get(gadgets, {
          headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
          until: true,
          holds: { "columnDefinitions[].name": ["Name", "Size"], "rows[0].cells": ["a", 7] },
          compare: ["columnDefinitions", "rows[].cells"],
        }),
      ],
    },
    {
      name: "a short name that is added later is told",
      steps: [
        install(sized),
        made({ size: 1 }),
        mergePatch(path, { spec: { names: { shortNames: ["gd"] } } }, { compare: "status" }),
        get("/apis/<group>/v1", {
          until: true,
          holds: { "resources[0].shortNames": ["gd"] },
          compare: ["resources[].name", "resources[].shortNames"],
        }),
      ],
    },
    {
      name: "a watch of a kind that is deleted ends after its last object",
      steps: [
        install(sized),
        made({ size: 1 }),
        watch(`${gadgets}?watch=1&resourceVersion=<version>&timeoutSeconds=30`, {
          during: [remove(path, { compare: "status" })],
          take: "end",
          events: [{ type: "DELETED", "object.metadata.name": "a" }],
        }),
      ],
    },
  ],
};
