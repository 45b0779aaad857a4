import type { JsonObject } from "@lmos/primitives";
import { formatFieldError } from "@lmos/structural-schema";
import { describe, expect, test } from "vitest";
import { builtinKinds } from "./builtin/builtin-kinds.ts";
import { kindErrors } from "./kind-rules.ts";

function errorsOf(kind: string, object: JsonObject, old?: JsonObject): readonly string[] {
  const definition = builtinKinds.find((each) => each.kind === kind);
  if (definition === undefined) throw new Error(`${kind} is no built-in kind`);
  return kindErrors(definition, object, old).map(formatFieldError);
}

const container = { name: "main", image: "a:1", terminationMessagePolicy: "File", imagePullPolicy: "Always" };
const deployment = (spec: JsonObject = {}): JsonObject => ({
  spec: {
    selector: { matchLabels: { app: "a" } },
    template: { metadata: { labels: { app: "a" } }, spec: { containers: [container] } },
    ...spec,
  },
});

describe("a valid object has no faults", () => {
  test.each<{ kind: string; object: JsonObject }>([
    { kind: "ConfigMap", object: { data: { "a.b": "x" }, binaryData: { c: "aGk=" } } },
    { kind: "Secret", object: { type: "Opaque", data: { a: "aGk=" } } },
    { kind: "Deployment", object: deployment() },
    {
      kind: "Service",
      object: { spec: { type: "ClusterIP", ports: [{ port: 80, protocol: "TCP", targetPort: 80 }] } },
    },
    { kind: "Role", object: { rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }] } },
    { kind: "Lease", object: { spec: { leaseDurationSeconds: 15 } } },
    { kind: "ResourceQuota", object: { spec: { anything: 1 } } },
  ])("$kind", ({ kind, object }) => {
    expect(errorsOf(kind, object)).toEqual([]);
  });
});

describe("a fault is told in the words of Kubernetes", () => {
  test.each<{ name: string; kind: string; object: JsonObject; old?: JsonObject; error: RegExp }>([
    {
      name: "a key that is no file name",
      kind: "ConfigMap",
      object: { data: { "a/b": "" } },
      error: /^data\[a\/b\]: Invalid value: "a\/b": a valid config key/,
    },
    {
      name: "a key twice",
      kind: "ConfigMap",
      object: { data: { a: "" }, binaryData: { a: "" } },
      error: /duplicate of key present in binaryData/,
    },
    {
      name: "too much data",
      kind: "ConfigMap",
      object: { data: { a: "x".repeat(1_048_577) } },
      error: /Too long: may not be more than 1048576 bytes/,
    },
    {
      name: "a change of what is frozen",
      kind: "ConfigMap",
      object: { immutable: true, data: { a: "2" } },
      old: { immutable: true, data: { a: "1" } },
      error: /^data: Forbidden: field is immutable when `immutable` is set/,
    },
    {
      name: "a thaw",
      kind: "ConfigMap",
      object: { data: {} },
      old: { immutable: true, data: {} },
      error: /^immutable: Forbidden/,
    },
    {
      name: "another type of a secret",
      kind: "Secret",
      object: { type: "b" },
      old: { type: "a" },
      error: /^type: Invalid value: "b": field is immutable/,
    },
    {
      name: "no selector",
      kind: "Deployment",
      object: deployment({ selector: undefined as never }),
      error: /^spec\.selector: Required value/,
    },
    {
      name: "a selector that does not match",
      kind: "Deployment",
      object: deployment({ selector: { matchLabels: { app: "b" } } }),
      error: /`selector` does not match template `labels`/,
    },
    {
      name: "an empty selector",
      kind: "Deployment",
      object: deployment({ selector: {} }),
      error: /empty selector is invalid for deployment/,
    },
    {
      name: "another selector",
      kind: "Deployment",
      object: deployment({
        selector: { matchLabels: { app: "a" }, matchExpressions: [{ key: "app", operator: "Exists" }] },
      }),
      old: deployment(),
      error: /field is immutable/,
    },
    {
      name: "fewer than no replicas",
      kind: "Deployment",
      object: deployment({ replicas: -1 }),
      error: /^spec\.replicas: Invalid value: -1: must be greater than or equal to 0/,
    },
    {
      name: "a strategy that is none",
      kind: "Deployment",
      object: deployment({ strategy: { type: "Slow" } }),
      error: /^spec\.strategy: Unsupported value/,
    },
    {
      name: "steps of what is recreated",
      kind: "Deployment",
      object: deployment({ strategy: { type: "Recreate", rollingUpdate: {} } }),
      error: /^spec\.strategy\.rollingUpdate: Forbidden/,
    },
    {
      name: "no containers",
      kind: "Deployment",
      object: deployment({ template: { metadata: { labels: { app: "a" } }, spec: {} } }),
      error: /^spec\.template\.spec\.containers: Required value/,
    },
    {
      name: "a service without ports",
      kind: "Service",
      object: { spec: { type: "ClusterIP" } },
      error: /^spec\.ports: Required value/,
    },
    {
      name: "a port out of range",
      kind: "Service",
      object: { spec: { type: "ClusterIP", ports: [{ port: 70_000, protocol: "TCP", targetPort: 1 }] } },
      error: /must be between 1 and 65535, inclusive/,
    },
    {
      name: "ports without names",
      kind: "Service",
      object: {
        spec: {
          type: "ClusterIP",
          ports: [
            { port: 1, protocol: "TCP", targetPort: 1 },
            { port: 2, protocol: "TCP", targetPort: 2 },
          ],
        },
      },
      error: /^spec\.ports\[0\]\.name: Required value/,
    },
    {
      name: "a rule without verbs",
      kind: "Role",
      object: { rules: [{ apiGroups: [""], resources: ["pods"] }] },
      error: /^rules\[0\]\.verbs: Required value/,
    },
    {
      name: "another role",
      kind: "RoleBinding",
      object: { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "b" } },
      old: { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "a" } },
      error: /^roleRef: Invalid value.*cannot change roleRef/,
    },
    {
      name: "a lease of no time",
      kind: "Lease",
      object: { spec: { leaseDurationSeconds: 0 } },
      error: /^spec\.leaseDurationSeconds: Invalid value: 0: must be greater than 0/,
    },
    {
      name: "another group of a definition",
      kind: "CustomResourceDefinition",
      object: { spec: { group: "b.c", scope: "Namespaced" } },
      old: { spec: { group: "a.c", scope: "Namespaced" } },
      error: /^spec\.group: Invalid value: "b\.c": field is immutable/,
    },
  ])("$name", ({ kind, object, old, error }) => {
    const given: JsonObject = JSON.parse(JSON.stringify(object));
    expect(errorsOf(kind, given, old)).toEqual(expect.arrayContaining([expect.stringMatching(error)]));
  });

  test("another group of a definition is told once, though its name is made of it", () => {
    const definitionOf = (group: string): JsonObject => {
      return {
        metadata: { name: "widgets.a.c" },
        spec: { group, names: { plural: "widgets", kind: "Widget" } },
      };
    };
    const errors = errorsOf("CustomResourceDefinition", definitionOf("b.c"), definitionOf("a.c"));
    expect(errors.filter((text) => text.startsWith("metadata.name"))).toEqual([]);
    expect(errors).toContainEqual(
      expect.stringMatching(/^spec\.group: Invalid value: "b\.c": field is immutable/),
    );
  });

  test("custom kinds have no such rules", () => {
    const custom = { group: "", plural: "configmaps", origin: "custom" } as const;
    expect(kindErrors(custom, { data: { "a/b": 1 } }, undefined)).toEqual([]);
  });
});
