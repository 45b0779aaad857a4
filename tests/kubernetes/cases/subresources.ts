import { type Area, absent } from "../conformance/case.ts";
import { configMaps, deployment, deployments, widget, widgets } from "../conformance/objects.ts";
import { apply, get, jsonPatch, mergePatch, post, put } from "../conformance/steps.ts";

const scaleOf = (name: string, replicas: number) => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name, namespace: "<ns>" },
  spec: { replicas },
});

/** Status and scale. */
export const subresourceCases: Area = {
  title: "Status and scale",
  cases: [
    {
      name: "a status is not taken from a new object",
      steps: [
        post(
          widgets,
          { ...widget("a", { size: 1 }), status: { phase: "up" } },
          { holds: { status: absent } },
        ),
      ],
    },
    {
      name: "an update of the object leaves the status alone",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        mergePatch(`${widgets}/a/status`, { status: { phase: "up" } }, { holds: { "status.phase": "up" } }),
        mergePatch(
          `${widgets}/a`,
          { spec: { size: 2 }, status: { phase: "down" } },
          {
            holds: { "status.phase": "up", "spec.size": 2 },
          },
        ),
      ],
    },
    {
      name: "an update of the status leaves spec, labels and generation alone",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        mergePatch(
          `${widgets}/a/status`,
          { metadata: { labels: { x: "y" } }, spec: { size: 2 }, status: { phase: "up" } },
          {
            holds: {
              "spec.size": 1,
              "metadata.labels": absent,
              "metadata.generation": 1,
              "status.phase": "up",
            },
            compare: ["spec", "status", "metadata.labels", "metadata.generation"],
          },
        ),
      ],
    },
    {
      name: "a status is applied by its own manager, who conflicts with another one",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        apply(
          `${widgets}/a/status`,
          "one",
          { ...widget("a", {}), status: { phase: "up" } },
          {
            holds: { "status.phase": "up", "spec.size": 1 },
          },
        ),
        apply(
          `${widgets}/a/status`,
          "two",
          { ...widget("a", {}), status: { phase: "down" } },
          {
            status: 409,
            holds: { "details.causes[0].field": ".status.phase" },
          },
        ),
        apply(
          `${widgets}/a/status`,
          "two",
          { ...widget("a", {}), status: { phase: "down" } },
          {
            force: true,
            holds: { "status.phase": "down" },
          },
        ),
        get(`${widgets}/a`, { holds: { "spec.size": 1, "status.phase": "down" } }),
      ],
    },
    {
      name: "the scale of a custom object is refused at an old version",
      steps: [
        post(widgets, widget("a", { size: 1, replicas: 1 }), {
          save: { version: "metadata.resourceVersion" },
        }),
        mergePatch(`${widgets}/a`, { spec: { size: 2 } }),
        put(
          `${widgets}/a/scale`,
          { ...scaleOf("a", 3), metadata: { name: "a", namespace: "<ns>", resourceVersion: "<version>" } },
          { status: 409, holds: { reason: "Conflict" } },
        ),
        get(`${widgets}/a`, { holds: { "spec.replicas": 1 } }),
      ],
    },
    {
      name: "the status of a custom object is put as a whole",
      steps: [
        post(widgets, widget("a", { size: 1 }), { save: { version: "metadata.resourceVersion" } }),
        put(
          `${widgets}/a/status`,
          {
            ...widget("a", { size: 9 }, { resourceVersion: "<version>" }),
            status: { phase: "up", replicas: 2 },
          },
          { holds: { "spec.size": 1, status: { phase: "up", replicas: 2 } } },
        ),
        get(`${widgets}/a/status`, { holds: { kind: "Widget", "status.phase": "up" } }),
      ],
    },
    {
      name: "a status is validated",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        mergePatch(`${widgets}/a/status`, { status: { conditions: [{ type: "Ready" }] } }, { status: 422 }),
        mergePatch(
          `${widgets}/a/status`,
          { status: { phase: 5 } },
          { status: 422, compare: ["reason", "details.causes[].field"] },
        ),
      ],
    },
    {
      name: "a JSON patch of a status",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        jsonPatch(`${widgets}/a/status`, [{ op: "add", path: "/status", value: { phase: "up" } }], {
          holds: { "status.phase": "up" },
        }),
      ],
    },
    {
      name: "a Deployment's status is written through its subresource",
      steps: [
        post(
          deployments,
          { ...deployment("web"), status: { replicas: 9 } },
          { holds: { "status.replicas": absent } },
        ),
        mergePatch(
          `${deployments}/web/status`,
          { status: { replicas: 1, readyReplicas: 1, observedGeneration: 1 } },
          {
            holds: { "status.readyReplicas": 1 },
          },
        ),
      ],
    },
    {
      name: "a kind without a subresource has none",
      steps: [
        get(`${configMaps}/a/status`, { status: 404 }),
        get(`${widgets}/a/nothing`, { status: 404, compare: "status" }),
      ],
    },
    {
      name: "the scale of a custom object is read and written",
      steps: [
        post(widgets, widget("a", { replicas: 2 })),
        get(`${widgets}/a/scale`, {
          holds: { kind: "Scale", apiVersion: "autoscaling/v1", "spec.replicas": 2 },
        }),
        put(`${widgets}/a/scale`, scaleOf("a", 5), { holds: { "spec.replicas": 5 } }),
        get(`${widgets}/a`, { holds: { "spec.replicas": 5, "metadata.generation": 2 } }),
      ],
    },
    {
      name: "the scale of a Deployment is read and patched",
      steps: [
        post(deployments, deployment("web")),
        mergePatch(
          `${deployments}/web/scale`,
          { spec: { replicas: 3 } },
          {
            holds: { "spec.replicas": 3, "status.selector": "app=web" },
          },
        ),
        get(`${deployments}/web`, { holds: { "spec.replicas": 3 } }),
      ],
    },
    {
      name: "a negative scale is refused",
      steps: [
        post(deployments, deployment("web")),
        put(`${deployments}/web/scale`, scaleOf("web", -1), { status: 422 }),
      ],
    },
    {
      name: "the scale of a custom object without replicas",
      steps: [post(widgets, widget("a", { size: 1 })), get(`${widgets}/a/scale`, { status: 500 })],
    },
  ],
};
