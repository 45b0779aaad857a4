import type { JsonObject } from "@lmos/primitives";
import { type Area, absent, type Case } from "../conformance/case.ts";
import {
  channel,
  channels,
  configMap,
  configMaps,
  deployment,
  deployments,
  services,
  widget,
  widgets,
} from "../conformance/objects.ts";
import { apply, get, mergePatch, post } from "../conformance/steps.ts";

const refused = (name: string, spec: JsonObject, field: string): Case => ({
  name,
  steps: [
    post(widgets, widget("a", spec), {
      status: 422,
      holds: { reason: "Invalid", "details.causes[0].field": field },
    }),
  ],
});

/** Schemas at work: defaults, pruning, refusals and their words. */
export const validationCases: Area = {
  title: "Validation, defaults and pruning",
  cases: [
    refused("a value below its minimum", { size: -1 }, "spec.size"),
    refused("a value above its maximum", { size: 101 }, "spec.size"),
    refused("a value of the wrong type", { size: "large" }, "spec.size"),
    refused("a fraction for an integer", { size: 1.5 }, "spec.size"),
    refused("a value that is none of an enumeration", { colour: "green" }, "spec.colour"),
    refused("a text that does not match its pattern", { code: "A1" }, "spec.code"),
    refused("a text that is too long", { code: "abcdefghi" }, "spec.code"),
    refused("a text that is too short", { code: "a" }, "spec.code"),
    refused("a number that is no multiple", { ratio: 0.7 }, "spec.ratio"),
    refused("a number at an exclusive bound", { share: 0 }, "spec.share"),
    refused("a text of a wrong format", { address: "300.1.1.1" }, "spec.address"),
    refused("an int-or-string that is neither", { port: true }, "spec.port"),
    refused("too many members", { labels: { a: "1", b: "2", c: "3", d: "4" } }, "spec.labels"),
    refused("too many items", { steps: ["1", "2", "3", "4", "5"] }, "spec.steps"),
    refused("an item without a required member", { parts: [{ note: "n" }] }, "spec.parts[0].name"),
    refused("a list map with a key twice", { parts: [{ name: "x" }, { name: "x" }] }, "spec.parts[1]"),
    refused("a set with an item twice", { tags: ["x", "x"] }, "spec.tags[1]"),
    refused("null where it may not be", { parts: [{ name: "x", note: null }, null] }, "spec.parts[1]"),
    {
      name: "a required member that is missing",
      steps: [
        post(
          widgets,
          { apiVersion: "conformance.example/v1", kind: "Widget", metadata: { name: "a" } },
          { status: 422, holds: { "details.causes[0].reason": "FieldValueRequired" } },
        ),
      ],
    },
    {
      name: "several faults are all told in one answer",
      steps: [
        post(widgets, widget("a", { size: -1, colour: "green", code: "A" }), {
          status: 422,
          holds: { "details.causes": { length: 3 } },
          compare: "reason", // in no order
        }),
      ],
    },
    {
      name: "defaults fill what is missing, also in items, and not what is null",
      steps: [
        post(widgets, widget("a", { parts: [{ name: "x" }], optional: null }), {
          holds: { "spec.colour": "grey", "spec.parts[0].count": 1, "spec.optional": null },
        }),
        post(widgets, widget("b", { colour: null }), { holds: { "spec.colour": "grey" } }),
      ],
    },
    {
      name: "unknown members are pruned, but not below preserve-unknown-fields",
      steps: [
        post(
          widgets,
          { ...widget("a", { unknown: 1, anything: { any: { deep: [1] } } }), other: true },
          {
            holds: { "spec.unknown": absent, other: absent, "spec.anything": { any: { deep: [1] } } },
          },
        ),
      ],
    },
    {
      name: "an int-or-string takes both",
      steps: [
        post(widgets, widget("a", { port: 80 }), { holds: { "spec.port": 80 } }),
        post(widgets, widget("b", { port: "http" }), { holds: { "spec.port": "http" } }),
      ],
    },
    {
      name: "our Channel is refused for the reasons of its schema",
      steps: [
        post(
          channels,
          {
            apiVersion: "lmos.eclipse/v1",
            kind: "Channel",
            metadata: { name: "a" },
            spec: { requiredCapabilities: [{ id: "x", strategy: "LOWEST" }] },
          },
          { status: 422, holds: { reason: "Invalid" } },
        ),
      ],
    },
    {
      name: "strict field validation refuses unknown and duplicate members",
      steps: [
        post(`${widgets}?fieldValidation=Strict`, widget("a", { siz: 1 }), {
          status: 400,
          holds: { message: /strict decoding error: unknown field "spec.siz"/ },
        }),
        post(
          `${widgets}?fieldValidation=Strict`,
          '{"apiVersion":"conformance.example/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"size":1,"size":2}}',
          { status: 400, holds: { message: /duplicate field "spec.size"/ } },
        ),
      ],
    },
    {
      name: "strict field validation of built-in kinds",
      steps: [
        post(`${deployments}?fieldValidation=Strict`, deployment("web", {}, { replica: 2 }), {
          status: 400,
          holds: { message: /unknown field "spec.replica"/ },
        }),
        post(`${configMaps}?fieldValidation=Strict`, { ...configMap("a", {}), dat: {} }, { status: 400 }),
      ],
    },
    {
      name: "strict field validation of metadata",
      steps: [
        post(`${widgets}?fieldValidation=Strict`, widget("a", {}, { label: { x: "y" } }), { status: 400 }),
        post(`${configMaps}?fieldValidation=Strict`, configMap("a", {}, { label: { x: "y" } }), {
          status: 400,
        }),
      ],
    },
    {
      name: "warn and ignore prune and go on",
      steps: [
        post(`${widgets}?fieldValidation=Warn`, widget("a", { siz: 1 }), { holds: { "spec.siz": absent } }),
        post(`${widgets}?fieldValidation=Ignore`, widget("b", { siz: 1 }), { holds: { "spec.siz": absent } }),
        post(`${widgets}?fieldValidation=Sometimes`, widget("c", { siz: 1 }), { status: 422 }),
      ],
    },
    {
      name: "strict field validation of patches and applied objects",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        mergePatch(
          `${widgets}/a?fieldValidation=Strict`,
          { spec: { siz: 1 } },
          { status: 422, compare: "reason" },
        ),
        {
          ...apply(`${widgets}/a`, "alice&fieldValidation=Strict", widget("a", { siz: 1 })),
          status: 500,
        },
      ],
    },
    {
      name: "a Deployment whose selector does not match its template is refused",
      steps: [
        post(deployments, deployment("web", {}, { selector: { matchLabels: { app: "other" } } }), {
          status: 422,
          holds: { "details.causes[0].field": "spec.template.metadata.labels" },
        }),
      ],
    },
    {
      name: "a Deployment's selector cannot be changed",
      steps: [
        post(deployments, deployment("web")),
        mergePatch(
          `${deployments}/web`,
          {
            spec: {
              selector: { matchLabels: { app: "web", x: "y" } },
              template: { metadata: { labels: { x: "y" } } },
            },
          },
          { status: 422, holds: { message: /field is immutable/ } },
        ),
      ],
    },
    {
      name: "a Deployment without containers or an image is refused",
      steps: [
        post(
          deployments,
          deployment(
            "web",
            {},
            { template: { metadata: { labels: { app: "web" } }, spec: { containers: [] } } },
          ),
          {
            status: 422,
          },
        ),
        post(
          deployments,
          deployment(
            "web",
            {},
            {
              template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "Main!" }] } },
            },
          ),
          { status: 422 },
        ),
      ],
    },
    {
      name: "keys of a ConfigMap are validated",
      steps: [post(configMaps, configMap("a", { "no/slash": "v" }), { status: 422 })],
    },
    {
      name: "an immutable ConfigMap stays as it is",
      steps: [
        post(configMaps, { ...configMap("a", { k: "1" }), immutable: true }),
        mergePatch(`${configMaps}/a`, { data: { k: "2" } }, { status: 422 }),
        mergePatch(`${configMaps}/a`, { metadata: { labels: { x: "y" } } }),
      ],
    },
    {
      name: "a Service is completed and its ports validated",
      steps: [
        post(
          services,
          {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "s" },
            spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
          },
          {
            holds: {
              "spec.type": "ClusterIP",
              "spec.ports[0].targetPort": 80,
              "spec.sessionAffinity": "None",
            },
            compare: [
              "spec.ports",
              "spec.type",
              "spec.selector",
              "spec.ipFamilyPolicy",
              "spec.internalTrafficPolicy",
            ],
          },
        ),
        post(
          services,
          { apiVersion: "v1", kind: "Service", metadata: { name: "t" }, spec: { ports: [{ port: 0 }] } },
          { status: 422 },
        ),
      ],
    },
    {
      name: "members of a wrong type in built-in kinds are refused",
      steps: [
        post(deployments, deployment("web", {}, { replicas: "two" }), { status: 400 }),
        post(configMaps, { ...configMap("a", {}), data: { n: 1 } }, { status: 400 }),
      ],
    },
    {
      name: "a Channel is valid with a semantic fault",
      steps: [post(channels, channel("a", ""), { holds: { "spec.requiredCapabilities[0].version": "" } })],
    },
    {
      name: "a fault that is there already does not keep other fields from changing",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        get(`${widgets}/a`),
        mergePatch(`${widgets}/a`, { spec: { size: 101 } }, { status: 422 }),
        mergePatch(`${widgets}/a`, { spec: { size: 100 } }),
      ],
    },
  ],
};
