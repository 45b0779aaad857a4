import type { JsonValue } from "@lmos/primitives";
import type { Area, Case } from "../conformance/case.ts";
import { configMap, configMaps, deployment, deployments, widget, widgets } from "../conformance/objects.ts";
import {
  apply,
  get,
  jsonPatch,
  kubectl,
  mergePatch,
  post,
  put,
  strategicPatch,
} from "../conformance/steps.ts";

const bad = { status: 400, holds: { reason: "BadRequest" } };
const invalid = { status: 422, holds: { reason: "Invalid" } };

const settings = `${configMaps}/a`;
const stored = [post(configMaps, configMap("a", { b: "x" }))];
const deployed = [post(deployments, deployment("a"))];

const refusedBodies = (name: string, path: string, ...bodies: readonly JsonValue[]): Case => ({
  name,
  steps: bodies.map((body) => post(path, body, bad)),
});

const named = { metadata: { name: "a" } };
const typed = { apiVersion: "conformance.example/v1", kind: "Widget" };

const selectors =
  "a b|=b|a=b=c|a in b|a in (b|,|a,,b|a,|a==b c|a>b|a<|a>1<2|!|a=(|-a|a=-b|a in (b c)|!a=b|a!b|(a)|a notin|a/b/c".split(
    "|",
  );

/** Requests that are refused, with the words that tell what is wrong with them. */
export const refusalCases: Area = {
  title: "Refused requests",
  cases: [
    refusedBodies(
      "a body that can't be read says where",
      configMaps,
      "",
      "{",
      "[]",
      "1",
      '"x"',
      "{} {}",
      { apiVersion: 1, kind: "ConfigMap", ...named },
      { apiVersion: "v1", kind: 1, ...named },
      { apiVersion: "a/b/c", kind: "ConfigMap", ...named },
    ),
    refusedBodies(
      "a body of another type than a built-in kind says what it is",
      configMaps,
      { apiVersion: "v1", kind: "Widget", ...named },
      { apiVersion: "x/v1", kind: "ConfigMap", ...named },
      { apiVersion: "v1", kind: "Secret", ...named },
      { apiVersion: "v1", kind: "ConfigMapList", items: [] },
      { apiVersion: "v1", kind: "Status" },
    ),
    refusedBodies(
      "a custom object says its type in full",
      widgets,
      "null",
      "{}",
      { kind: "Widget" },
      { apiVersion: "conformance.example/v1" },
      { apiVersion: "v1", kind: "Widget", ...named },
    ),
    refusedBodies(
      "a custom object's metadata is read by its types",
      widgets,
      { ...typed, metadata: "x" },
      { ...typed, metadata: { name: 1 }, spec: {} },
      { ...typed, metadata: { name: "l", labels: { a: 1 } }, spec: {} },
      { ...typed, metadata: { name: "l", finalizers: "x" }, spec: {} },
    ),
    {
      name: "a body of nothing is an object of a built-in kind without a name",
      steps: [post(configMaps, "null", invalid), post(configMaps, {}, invalid)],
    },
    {
      name: "a label selector that can't be read says what was expected",
      steps: selectors.map((selector) => get(`${configMaps}?labelSelector=${selector}`, bad)),
    },
    {
      name: "an applied configuration says its type",
      steps: [
        ...[
          {},
          { kind: "ConfigMap", ...named },
          { apiVersion: "v1", ...named },
          { apiVersion: "v2", kind: "ConfigMap", ...named },
          { apiVersion: "v1", kind: "Secret", ...named },
        ].map((body) => apply(settings, "one", body, bad)),
        apply(`${widgets}/a`, "one", { apiVersion: "conformance.example/v1", kind: "Gadget" }, bad),
        apply(`${widgets}/a`, "one", { apiVersion: "conformance.example/v2", kind: "Widget" }, bad),
      ],
    },
    {
      name: "an applied configuration says its name where there is nothing yet",
      steps: [
        apply(settings, "one", { apiVersion: "v1", kind: "ConfigMap" }, bad),
        apply(settings, "one", { apiVersion: "v1", kind: "ConfigMap", ...named }, { status: 201 }),
        apply(settings, "one", { apiVersion: "v1", kind: "ConfigMap", data: { k: "v" } }),
      ],
    },
    {
      name: "an applied configuration that names a uid makes nothing new",
      steps: [
        apply(
          settings,
          "one",
          { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", uid: "u" } },
          { status: 409 },
        ),
      ],
    },
    {
      name: "force belongs to apply",
      steps: [...stored, mergePatch(`${settings}?force=true`, {}, invalid)],
    },
    {
      name: "a uid is a precondition of an update and can't be patched",
      steps: [
        ...stored,
        put(settings, configMap("a", {}, { uid: "u" }), { status: 409, compare: "reason" }),
        mergePatch(settings, { metadata: { uid: "u" } }, invalid),
      ],
    },
    {
      name: "a patch does not take the name away",
      steps: [
        ...stored,
        mergePatch(settings, { metadata: null }, bad),
        mergePatch(settings, { metadata: { name: null } }, bad),
        jsonPatch(settings, [{ op: "remove", path: "/metadata" }], bad),
        jsonPatch(settings, [{ op: "replace", path: "", value: {} }], bad),
      ],
    },
    {
      name: "a patch does not change the type",
      steps: [
        ...stored,
        mergePatch(settings, { apiVersion: "v2" }, { ...invalid, compare: "reason" }),
        mergePatch(settings, { kind: "Secret" }, { ...invalid, compare: "reason" }),
        mergePatch(settings, { kind: null }, { holds: { kind: "ConfigMap" } }),
      ],
    },
    {
      name: "a patch that can't be read says where",
      steps: [
        ...stored,
        mergePatch(settings, "{", bad),
        mergePatch(settings, "", bad),
        jsonPatch(settings, "", bad),
        strategicPatch(settings, "{", bad),
        strategicPatch(settings, [], bad),
      ],
    },
    {
      name: "a JSON patch has at most 10,000 operations",
      steps: [
        ...stored,
        jsonPatch(
          settings,
          Array.from({ length: 10_001 }, () => ({ op: "test", path: "/kind", value: "ConfigMap" })),
          { status: 413 },
        ),
      ],
    },
    {
      name: "a JSON patch replaces what is not there",
      steps: [
        ...stored,
        jsonPatch(settings, [{ op: "replace", path: "/data/new", value: "1" }], {
          holds: { data: { b: "x", new: "1" } },
        }),
        post(widgets, widget("a", { size: 1 })),
        jsonPatch(`${widgets}/a`, [{ op: "replace", path: "/spec/code", value: "ab" }], {
          holds: { "spec.code": "ab" },
        }),
      ],
    },
    {
      name: "a strategic merge patch with a fault says which",
      steps: [
        ...deployed,
        ...[
          { template: { spec: { containers: [{ image: "x" }] } } },
          { template: { spec: { containers: [{ $patch: "nope", name: "main" }] } } },
          { $patch: "nope" },
          { template: { spec: { $setElementOrder: {} } } },
        ].map((spec) => strategicPatch(`${deployments}/a`, { spec }, { status: 500 })),
      ],
    },
    {
      name: "a custom object is patched in the ways that are told",
      steps: ["application/json", "text/plain", "application/apply-patch+json"].map((type) =>
        mergePatch(`${widgets}/a`, {}, { headers: { "Content-Type": type }, status: 415 }),
      ),
    },
    {
      name: "a body without a content type is JSON",
      steps: [
        post(configMaps, configMap("a", {}), { headers: { "Content-Type": "" } }),
        post(widgets, widget("a", {}), { headers: { "Content-Type": "application/json; charset=utf-8" } }),
      ],
    },
    {
      name: "namespaces are not deleted together",
      steps: [{ kind: "request", method: "DELETE", path: "/api/v1/namespaces", status: 405 }],
    },
    {
      name: "metadata is asked for of one object or of a list",
      steps: [
        ...stored,
        get(configMaps, {
          headers: { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" },
          status: 406,
        }),
        get(settings, {
          headers: { Accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" },
          status: 406,
        }),
        get(widgets, {
          headers: { Accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" },
          holds: { items: null },
        }),
      ],
    },
    {
      name: "a failure is told in YAML to who asks for that",
      steps: [get(`${configMaps}/none`, { headers: { Accept: "application/yaml" }, status: 404 })],
    },
    {
      name: "a kind's list tells a hash of the version that it is stored in",
      steps: [
        get("/apis/conformance.example/v1"),
        get("/apis/coordination.k8s.io/v1"),
        get("/apis/events.k8s.io/v1"),
        get("/apis/rbac.authorization.k8s.io/v1"),
        get("/apis/policy/v1"),
      ],
    },
    {
      name: "a group that is not there is no page",
      steps: [get("/apis/nothing.example", { status: 404 })],
    },
    {
      name: "kubectl explain names the values of enumerations",
      steps: [
        "service.spec",
        "deployment.spec.template.spec.containers",
        "endpointslice",
        "namespace.status",
      ].map((path) => kubectl(`explain ${path} --recursive`, { stdout: "enum: " })),
    },
    {
      name: "kubectl tells what is wrong with a selector",
      steps: ["a=b=c", "'a in (b'", "'n>x'"].map((selector) =>
        kubectl(`get configmaps -l ${selector}`, { exit: 1, stderr: /found|Invalid/ }),
      ),
    },
  ],
};
