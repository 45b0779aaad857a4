import type { JsonObject } from "@lmos/primitives";
import { type Area, absent, present } from "../conformance/case.ts";
import { configMap, configMaps, deployment, deployments, widget, widgets } from "../conformance/objects.ts";
import { get, mergePatch, post, put, remove, watch } from "../conformance/steps.ts";

const optionsOf = (options: JsonObject): JsonObject => ({
  apiVersion: "v1",
  kind: "DeleteOptions",
  ...options,
});

const ownedBy = (uid: string, more: JsonObject = {}) => ({
  ownerReferences: [{ apiVersion: "conformance.example/v1", kind: "Widget", name: "owner", uid, ...more }],
});

const owner = post(widgets, widget("owner", { size: 1 }), { save: { owner: "metadata.uid" } });
const owned = post(configMaps, configMap("owned", {}, ownedBy("<owner>")));
const held = { finalizers: ["conformance.example/held"] };

/** Deletion: options, finalizers, owners, namespaces. */
export const deletionCases: Area = {
  title: "Deletion",
  cases: [
    {
      name: "deleting answers with a Status that names the object",
      steps: [
        post(configMaps, configMap("a", {})),
        remove(`${configMaps}/a`, { holds: { kind: "Status", status: "Success", "details.name": "a" } }),
        get(`${configMaps}/a`, { status: 404 }),
      ],
    },
    {
      name: "deleting what is not there is NotFound",
      steps: [remove(`${configMaps}/none`, { status: 404 }), remove(`${widgets}/none`, { status: 404 })],
    },
    {
      name: "a deletion is refused where the uid is another",
      steps: [
        post(configMaps, configMap("a", {})),
        remove(`${configMaps}/a`, {
          body: optionsOf({ preconditions: { uid: "00000000-0000-4000-8000-000000000000" } }),
          status: 409,
          holds: { reason: "Conflict" },
        }),
      ],
    },
    {
      name: "a deletion is refused where the version is another",
      steps: [
        post(widgets, widget("a", { size: 1 }), { save: { version: "metadata.resourceVersion" } }),
        mergePatch(`${widgets}/a`, { spec: { size: 2 } }, { save: { later: "metadata.resourceVersion" } }),
        remove(`${widgets}/a`, {
          body: optionsOf({ preconditions: { resourceVersion: "<version>" } }),
          status: 409,
          compare: ["reason", "code", "details"],
        }),
        remove(`${widgets}/a`, { body: optionsOf({ preconditions: { resourceVersion: "<later>" } }) }),
      ],
    },
    {
      name: "a dry run of deleting a selection deletes nothing",
      steps: [
        post(configMaps, configMap("a", {}, { labels: { app: "web" } })),
        remove(`${configMaps}?labelSelector=app=web&dryRun=All`, {
          compare: ["kind", "items[].metadata.name"],
        }),
        get(`${configMaps}/a`),
      ],
    },
    {
      name: "a propagation policy may be in the path's query",
      steps: [
        owner,
        owned,
        remove(`${widgets}/owner?propagationPolicy=Orphan`, { compare: "status" }),
        get(`${widgets}/owner`, { status: 404, until: true }),
        get(`${configMaps}/owned`, {
          until: true,
          holds: { "metadata.ownerReferences": absent },
          compare: ["metadata.ownerReferences", "data"],
        }),
      ],
    },
    {
      name: "an object with a finalizer stays until it is taken off",
      steps: [
        post(widgets, widget("a", { size: 1 }, held)),
        remove(`${widgets}/a`, {
          holds: { kind: "Widget", "metadata.deletionTimestamp": present, "metadata.generation": 2 },
        }),
        get(`${widgets}/a`, { holds: { "metadata.deletionGracePeriodSeconds": 0 } }),
        mergePatch(`${widgets}/a`, { metadata: { finalizers: null } }),
        get(`${widgets}/a`, { status: 404 }),
      ],
    },
    {
      name: "deleting twice what has a finalizer changes nothing the second time",
      steps: [
        post(configMaps, configMap("a", {}, held)),
        remove(`${configMaps}/a`, { save: { version: "metadata.resourceVersion" } }),
        remove(`${configMaps}/a`, { holds: { "metadata.resourceVersion": "<version>" } }),
      ],
    },
    {
      name: "no finalizer may be added to what is being deleted",
      steps: [
        post(configMaps, configMap("a", {}, held)),
        remove(`${configMaps}/a`),
        mergePatch(
          `${configMaps}/a`,
          { metadata: { finalizers: ["conformance.example/held", "conformance.example/more"] } },
          { status: 422 },
        ),
      ],
    },
    {
      name: "the last finalizer's removal is told to watchers as DELETED",
      steps: [
        post(configMaps, configMap("a", {}, held), { save: { version: "metadata.resourceVersion" } }),
        watch(`${configMaps}?watch=1&resourceVersion=<version>`, {
          during: [
            remove(`${configMaps}/a`),
            mergePatch(`${configMaps}/a`, { metadata: { finalizers: [] } }),
          ],
          take: 2,
          events: [{ type: "MODIFIED" }, { type: "DELETED" }],
        }),
      ],
    },
    {
      name: "deletionTimestamp cannot be set by an update",
      steps: [
        post(widgets, widget("a", { size: 1 })),
        mergePatch(
          `${widgets}/a`,
          { metadata: { deletionTimestamp: "2001-01-01T00:00:00Z" } },
          {
            status: 422,
            holds: { message: /field is immutable/ },
          },
        ),
      ],
    },
    {
      name: "a finalizer's name must be qualified",
      steps: [post(configMaps, configMap("a", {}, { finalizers: ["short"] }), { status: 422 })],
    },
    {
      name: "owned objects go when their owner does",
      steps: [
        owner,
        owned,
        remove(`${widgets}/owner`),
        get(`${configMaps}/owned`, { status: 404, until: true }),
      ],
    },
    {
      name: "owned objects stay where the owner is deleted with Orphan",
      steps: [
        owner,
        owned,
        remove(`${widgets}/owner`, {
          body: optionsOf({ propagationPolicy: "Orphan" }),
          compare: ["kind", "metadata.finalizers"],
        }),
        get(`${widgets}/owner`, { status: 404, until: true }),
        get(`${configMaps}/owned`, { holds: { "metadata.ownerReferences": absent }, compare: ["data"] }),
      ],
    },
    {
      name: "with Foreground the owner waits for what it blocks on",
      steps: [
        owner,
        post(
          configMaps,
          configMap("owned", {}, { ...ownedBy("<owner>", { blockOwnerDeletion: true }), ...held }),
        ),
        remove(`${widgets}/owner?propagationPolicy=Foreground`, {
          holds: { "metadata.finalizers": ["foregroundDeletion"], "metadata.deletionTimestamp": present },
        }),
        get(`${configMaps}/owned`, {
          until: true,
          holds: { "metadata.deletionTimestamp": present },
          compare: "status",
        }),
        get(`${widgets}/owner`, { compare: "status" }),
        mergePatch(`${configMaps}/owned`, { metadata: { finalizers: null } }, { compare: "status" }),
        get(`${widgets}/owner`, { status: 404, until: true }),
      ],
    },
    {
      name: "an object whose owner was never there goes too",
      steps: [
        post(configMaps, configMap("owned", {}, ownedBy("00000000-0000-4000-8000-000000000000")), {
          compare: "status",
        }),
        get(`${configMaps}/owned`, { status: 404, until: true }),
      ],
    },
    {
      name: "an object with two owners stays while one is there",
      steps: [
        owner,
        post(widgets, widget("other", { size: 1 }), { save: { other: "metadata.uid" } }),
        post(
          configMaps,
          configMap(
            "owned",
            {},
            {
              ownerReferences: [
                { apiVersion: "conformance.example/v1", kind: "Widget", name: "owner", uid: "<owner>" },
                { apiVersion: "conformance.example/v1", kind: "Widget", name: "other", uid: "<other>" },
              ],
            },
          ),
        ),
        remove(`${widgets}/owner`),
        get(`${configMaps}/owned`, {
          until: true,
          holds: { "metadata.ownerReferences[].name": ["other"] },
          compare: ["metadata.ownerReferences"],
        }),
        remove(`${widgets}/other`),
        get(`${configMaps}/owned`, { status: 404, until: true }),
      ],
    },
    {
      name: "only one owner may be the controller",
      steps: [
        owner,
        post(
          configMaps,
          configMap(
            "owned",
            {},
            {
              ownerReferences: [
                { apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "1", controller: true },
                { apiVersion: "v1", kind: "ConfigMap", name: "y", uid: "2", controller: true },
              ],
            },
          ),
          { status: 422 },
        ),
      ],
    },
    {
      name: "an owner reference must be complete",
      steps: [
        post(
          configMaps,
          configMap("owned", {}, { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap" }] }),
          {
            status: 422,
          },
        ),
      ],
    },
    {
      name: "a selection is deleted together",
      steps: [
        post(configMaps, configMap("a", {}, { labels: { app: "web" } })),
        post(configMaps, configMap("b", {}, { labels: { app: "mail" } })),
        remove(`${configMaps}?labelSelector=app=web`, { holds: { "items[].metadata.name": ["a"] } }),
        get(configMaps, { holds: { "items[].metadata.name": ["b"] } }),
      ],
    },
    {
      name: "a propagation policy that is none is refused",
      steps: [
        post(configMaps, configMap("a", {})),
        remove(`${configMaps}/a`, { body: optionsOf({ propagationPolicy: "Sideways" }), status: 422 }),
        remove(`${configMaps}/a`, {
          body: optionsOf({ propagationPolicy: "Orphan", orphanDependents: true }),
          status: 422,
        }),
      ],
    },
    {
      name: "a dry run of a deletion deletes nothing",
      steps: [
        post(configMaps, configMap("a", {})),
        remove(`${configMaps}/a?dryRun=All`, { holds: { status: "Success" } }),
        get(`${configMaps}/a`),
      ],
    },
    {
      name: "a deleted and made again object has another uid",
      steps: [
        post(configMaps, configMap("a", {}), { save: { first: "metadata.uid" } }),
        remove(`${configMaps}/a`),
        post(configMaps, configMap("a", {})),
        remove(`${configMaps}/a`, { body: optionsOf({ preconditions: { uid: "<first>" } }), status: 409 }),
      ],
    },
    {
      name: "a Deployment is deleted with a Status",
      steps: [
        post(deployments, deployment("web")),
        remove(`${deployments}/web`, { holds: { kind: "Status", "details.group": "apps" } }),
      ],
    },
    {
      name: "a namespace is Active, then Terminating until it is empty, then gone",
      steps: [
        post(
          "/api/v1/namespaces",
          { apiVersion: "v1", kind: "Namespace", metadata: { name: "<ns>-x" } },
          {
            holds: { "status.phase": "Active", "spec.finalizers": ["kubernetes"] },
          },
        ),
        post("/api/v1/namespaces/<ns>-x/configmaps", configMap("a", {}, held)),
        remove("/api/v1/namespaces/<ns>-x", { holds: { "status.phase": "Terminating" } }),
        post("/api/v1/namespaces/<ns>-x/configmaps", configMap("b", {}), {
          status: 403,
          holds: { reason: "Forbidden", "details.causes[0].reason": "NamespaceTerminating" },
        }),
        get("/api/v1/namespaces/<ns>-x/configmaps/a", {
          until: true,
          holds: { "metadata.deletionTimestamp": present },
        }),
        mergePatch("/api/v1/namespaces/<ns>-x/configmaps/a", { metadata: { finalizers: null } }),
        get("/api/v1/namespaces/<ns>-x", { status: 404, until: true }),
      ],
    },
    {
      name: "a namespace carries its name as a label",
      steps: [
        get("/api/v1/namespaces/<ns>", {
          holds: { 'metadata.labels["kubernetes.io/metadata.name"]': "<ns>" },
        }),
      ],
    },
    {
      name: "a deleted namespace takes custom objects with it",
      steps: [
        post("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: "<ns>-x" } }),
        post("/apis/conformance.example/v1/namespaces/<ns>-x/widgets", widget("a", { size: 1 })),
        remove("/api/v1/namespaces/<ns>-x"),
        get("/apis/conformance.example/v1/namespaces/<ns>-x/widgets/a", { status: 404, until: true }),
        get("/api/v1/namespaces/<ns>-x", { status: 404, until: true }),
      ],
    },
    {
      name: "namespaces that Kubernetes needs are there and stay",
      steps: [
        ...["default", "kube-system", "kube-public"].map((name) =>
          get(`/api/v1/namespaces/${name}`, {
            holds: { "status.phase": "Active" },
            compare: ["spec", "status", "metadata.labels"],
          }),
        ),
        remove("/api/v1/namespaces/default", { status: 403 }),
      ],
    },
    {
      name: "an update of what was deleted meanwhile is NotFound",
      steps: [
        post(configMaps, configMap("a", {}), {
          save: { version: "metadata.resourceVersion", uid: "metadata.uid" },
        }),
        remove(`${configMaps}/a`),
        put(`${configMaps}/a`, configMap("a", {}, { resourceVersion: "<version>", uid: "<uid>" }), {
          status: 404,
          compare: ["reason"],
        }),
      ],
    },
  ],
};
