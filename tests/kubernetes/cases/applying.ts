import type { JsonObject } from "@lmos/primitives";
import { type Area, absent, present } from "../conformance/case.ts";
import { configMap, configMaps, deployment, deployments, widget, widgets } from "../conformance/objects.ts";
import { apply, mergePatch, post, put } from "../conformance/steps.ts";

const one = `${widgets}/a`;
const applied = (manager: string, spec: Parameters<typeof widget>[1], options: object = {}) =>
  apply(one, manager, widget("a", spec), options);
const created = { status: 201 };

const tenant = "/apis/lmos.eclipse/v1alpha1/tenants/<ns>-emptied";
const tenantWith = (spec: JsonObject): JsonObject => {
  return { apiVersion: "lmos.eclipse/v1alpha1", kind: "Tenant", metadata: { name: "<ns>-emptied" }, spec };
};

/** Server-side apply. */
export const applyCases: Area = {
  title: "Server-side apply",
  cases: [
    {
      name: "applying what is not there creates it and owns its fields",
      steps: [
        applied(
          "alice",
          { size: 1 },
          {
            ...created,
            holds: {
              "metadata.managedFields[0].manager": "alice",
              "metadata.managedFields[0].operation": "Apply",
              "metadata.managedFields[0].fieldsV1": { "f:spec": { "f:size": {} } },
              "spec.colour": "grey",
            },
          },
        ),
      ],
    },
    {
      name: "applying the same again changes nothing",
      steps: [
        applied("alice", { size: 1 }, { ...created, save: { version: "metadata.resourceVersion" } }),
        applied("alice", { size: 1 }, { holds: { "metadata.resourceVersion": "<version>" } }),
      ],
    },
    {
      name: "what an applier leaves out goes, what another wrote stays",
      steps: [
        applied("alice", { size: 1, code: "abc" }, created),
        applied("bob", { replicas: 2 }),
        applied("alice", { size: 1 }, { holds: { spec: { size: 1, replicas: 2, colour: "grey" } } }),
      ],
    },
    {
      name: "another applier's field is a Conflict that names the field and its owner",
      steps: [
        applied("alice", { size: 1 }, created),
        applied(
          "bob",
          { size: 2 },
          {
            status: 409,
            holds: { reason: "Conflict", "details.causes[0].field": ".spec.size", message: /"alice"/ },
          },
        ),
      ],
    },
    {
      name: "several conflicts are all told",
      steps: [
        applied("alice", { size: 1, code: "abc" }, created),
        applied("carol", { replicas: 1 }),
        applied(
          "bob",
          { size: 2, code: "xyz", replicas: 3 },
          { status: 409, holds: { "details.causes": { length: 3 } }, compare: "reason" },
        ),
      ],
    },
    {
      name: "force takes the field from its owner",
      steps: [
        applied("alice", { size: 1, code: "abc" }, created),
        applied(
          "bob",
          { size: 2 },
          {
            force: true,
            holds: { "spec.size": 2, "metadata.managedFields[].manager": ["alice", "bob"] },
          },
        ),
        applied("alice", { code: "abc" }, { holds: { "spec.size": 2 } }),
      ],
    },
    {
      name: "two appliers of the same value share the field",
      steps: [
        applied("alice", { size: 1 }, created),
        applied("bob", { size: 1 }),
        applied("alice", {}, { holds: { "spec.size": 1 } }),
        applied("bob", {}, { holds: { "spec.size": absent } }),
      ],
    },
    {
      name: "an update takes ownership as an updater, and conflicts with the applier then",
      steps: [
        applied("alice", { size: 1, code: "abc" }, created),
        mergePatch(
          `${one}?fieldManager=editor`,
          { spec: { size: 5 } },
          {
            holds: { "metadata.managedFields[].operation": ["Apply", "Update"] },
          },
        ),
        applied(
          "alice",
          { size: 1, code: "abc" },
          { status: 409, holds: { message: /"editor" using conformance.example\/v1/ } },
        ),
      ],
    },
    {
      name: "items of a list map belong to their appliers by key",
      steps: [
        applied("alice", { parts: [{ name: "x", count: 1 }] }, created),
        applied(
          "bob",
          { parts: [{ name: "y", note: "bob's" }] },
          { holds: { "spec.parts[].name": ["x", "y"] } },
        ),
        applied("alice", { parts: [] }, { holds: { "spec.parts[].name": ["y"] } }),
      ],
    },
    {
      name: "two appliers each own a field of one item",
      steps: [
        applied("alice", { parts: [{ name: "x", count: 3 }] }, created),
        applied(
          "bob",
          { parts: [{ name: "x", count: 2, note: "n" }] },
          { status: 409, holds: { "details.causes[0].field": '.spec.parts[name="x"].count' } },
        ),
        applied(
          "bob",
          { parts: [{ name: "x", count: 3, note: "n" }] },
          {
            holds: { "spec.parts": [{ name: "x", count: 3, note: "n" }] },
          },
        ),
      ],
    },
    {
      name: "a list map keeps the order of what is there",
      steps: [
        applied("alice", { parts: [{ name: "c" }, { name: "a" }] }, created),
        applied("bob", { parts: [{ name: "b" }, { name: "a" }] }, { holds: { "spec.parts": { length: 3 } } }),
        applied("alice", { parts: [{ name: "a" }, { name: "c" }] }),
      ],
    },
    {
      name: "items of a set belong to their appliers by value",
      steps: [
        applied("alice", { tags: ["x", "y"] }, created),
        applied("bob", { tags: ["y", "z"] }, { holds: { "spec.tags": ["x", "y", "z"] } }),
        applied("alice", { tags: ["x"] }, { holds: { "spec.tags": { length: 3 } } }),
        applied("bob", { tags: ["z"] }, { holds: { "spec.tags": ["x", "z"] } }),
      ],
    },
    {
      name: "an atomic list has one owner",
      steps: [
        applied("alice", { steps: ["x"] }, created),
        applied("bob", { steps: ["y"] }, { status: 409, holds: { message: /\.spec\.steps/ } }),
        applied("bob", { steps: ["y"] }, { force: true, holds: { "spec.steps": ["y"] } }),
      ],
    },
    {
      name: "an atomic map has one owner",
      steps: [
        applied("alice", { whole: { a: "1" } }, created),
        applied("bob", { whole: { b: "2" } }, { status: 409 }),
        applied("bob", { whole: { b: "2" } }, { force: true, holds: { "spec.whole": { b: "2" } } }),
      ],
    },
    {
      name: "a list map with one key twice cannot be applied",
      steps: [
        applied(
          "alice",
          { parts: [{ name: "x" }, { name: "x" }] },
          { status: 500, compare: ["code", "message"] },
        ),
      ],
    },
    {
      name: "an item without its key cannot be applied",
      steps: [applied("alice", { parts: [{ note: "n" }] }, { status: 500, compare: ["code", "message"] })],
    },
    {
      name: "apply needs a field manager",
      steps: [
        {
          kind: "request",
          method: "PATCH",
          path: one,
          body: widget("a", {}),
          headers: { "Content-Type": "application/apply-patch+yaml" },
          status: 422,
        },
      ],
    },
    {
      name: "an applied object may not carry managedFields",
      steps: [
        apply(one, "alice", widget("a", {}, { managedFields: [{ manager: "x" }] }), {
          status: 400,
          holds: { message: /managedFields must be nil/ },
        }),
      ],
    },
    {
      name: "apply with an old version is a Conflict, but not where there is nothing",
      steps: [
        applied("alice", { size: 1 }, { ...created, save: { version: "metadata.resourceVersion" } }),
        mergePatch(one, { spec: { replicas: 2 } }),
        apply(one, "alice", widget("a", { size: 2 }, { resourceVersion: "<version>" }), { status: 409 }),
        apply(`${widgets}/none`, "alice", widget("none", {}, { resourceVersion: "<version>" }), {
          status: 201,
        }),
      ],
    },
    {
      name: "an applied object's fields of a wrong type are refused",
      steps: [applied("alice", { size: "large" }, { status: 500, compare: ["code"] })],
    },
    {
      name: "managedFields set to an empty list are forgotten",
      steps: [
        applied("alice", { size: 1 }, created),
        mergePatch(
          one,
          { metadata: { managedFields: [{}] } },
          { holds: { "metadata.managedFields": absent } },
        ),
      ],
    },
    {
      name: "metadata that is applied is owned: labels, annotations, finalizers, owners",
      steps: [
        apply(
          one,
          "alice",
          widget(
            "a",
            {},
            { labels: { x: "1" }, annotations: { y: "2" }, finalizers: ["conformance.example/z"] },
          ),
          created,
        ),
        apply(one, "bob", widget("a", {}, { labels: { x: "2" } }), { status: 409 }),
        apply(one, "alice", widget("a", {}), {
          holds: { "metadata.labels": absent, "metadata.finalizers": absent },
        }),
      ],
    },
    {
      name: "a Deployment's containers, ports and environment merge by their keys",
      steps: [
        apply(`${deployments}/web`, "alice", deployment("web"), created),
        apply(
          `${deployments}/web`,
          "bob",
          {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name: "web" },
            spec: {
              template: {
                spec: {
                  containers: [
                    {
                      name: "main",
                      env: [{ name: "A", value: "1" }],
                      ports: [{ containerPort: 80 }, { containerPort: 53, protocol: "UDP" }],
                    },
                  ],
                },
              },
            },
          },
          {
            holds: {
              "spec.template.spec.containers": { length: 1 },
              "spec.template.spec.containers[0].image": "registry.example/main:1",
              "spec.template.spec.containers[0].ports": { length: 2 },
            },
          },
        ),
        apply(`${deployments}/web`, "alice", deployment("web", {}, { replicas: 2 })),
      ],
    },
    {
      name: "applying over an object that was created takes no more than is applied",
      steps: [
        post(configMaps, configMap("a", { x: "1", y: "2" })),
        apply(`${configMaps}/a`, "alice", configMap("a", { x: "1" }), {
          holds: { data: { x: "1", y: "2" }, "metadata.managedFields": { length: 2 } },
        }),
        apply(`${configMaps}/a`, "alice", configMap("a", {}), { holds: { data: { x: "1", y: "2" } } }),
      ],
    },
    {
      name: "a full update gives fields that it drops up for everyone",
      steps: [
        apply(`${configMaps}/a`, "alice", configMap("a", { x: "1", y: "2" }), created),
        put(`${configMaps}/a?fieldManager=bob`, configMap("a", { y: "3" }), {
          holds: { data: { y: "3" }, "metadata.managedFields[].manager": ["bob"] },
        }),
      ],
    },
    {
      name: "applying an empty object in place of one with members is refused, as null is made of it",
      difference:
        "an object that an applier empties is kept as it was applied; our controllers leave empty objects out",
      steps: [
        apply(tenant, "alice", tenantWith({ quota: { channels: 1 } }), created),
        apply(tenant, "alice", tenantWith({ quota: {} }), { status: 422, compare: "reason" }),
      ],
    },
    {
      name: "fieldManager names are limited",
      steps: [post(`${configMaps}?fieldManager=${"m".repeat(129)}`, configMap("a", {}), { status: 422 })],
    },
    {
      name: "kubectl's annotation and the manager of a status stay apart",
      steps: [
        applied("alice", { size: 1 }, created),
        apply(
          `${one}/status`,
          "alice",
          {
            apiVersion: "conformance.example/v1",
            kind: "Widget",
            metadata: { name: "a" },
            status: { phase: "up" },
          },
          {
            holds: {
              "status.phase": "up",
              "spec.size": 1,
              "metadata.managedFields[].subresource": present,
            },
          },
        ),
        applied("alice", { size: 2 }, { holds: { "status.phase": "up" } }),
      ],
    },
  ],
};
