import type { JsonObject, JsonValue } from "@lmos/primitives";
import { applyDefaults, pruneUnknown, type StructuralSchema } from "@lmos/structural-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtinKinds } from "./builtin-kinds.ts";
import { decodeError } from "./decode.ts";

function schemaOf(kind: string, group = ""): StructuralSchema {
  const found = builtinKinds.find((each) => each.kind === kind && (group === "" || each.group === group));
  if (found?.schema === undefined) throw new Error(`${kind} is no built-in kind with a schema`);
  return found.schema;
}

function completed(kind: string, object: JsonObject): JsonObject {
  return applyDefaults(schemaOf(kind), object);
}

/** A member deep inside an object. */
function at(object: JsonValue | undefined, path: string): JsonValue | undefined {
  return path.split(".").reduce<JsonValue | undefined>((value, key) => Object(value)[key], object);
}

describe("every built-in kind", () => {
  test.each(
    builtinKinds.map((definition) => ({ ...definition, name: `${definition.group}/${definition.kind}` })),
  )(
    "$name has names, a schema and the members of every object",
    ({ plural, singular, listKind, schema, kind }) => {
      expect([plural, singular]).toEqual([plural.toLowerCase(), kind.toLowerCase()]);
      expect(listKind).toBe(`${kind}List`);
      expect(Object.keys(schema?.properties ?? {})).toEqual(expect.arrayContaining(["apiVersion", "kind"]));
      expect(schema?.properties?.["metadata"]?.properties).toHaveProperty("ownerReferences");
    },
  );

  test("is served under a path of its own", () => {
    const paths = builtinKinds.map(({ group, version, plural }) => `${group}/${version}/${plural}`);
    expect(new Set(paths).size).toBe(paths.length);
  });
});

const pod = (container: JsonObject, rest: JsonObject = {}): JsonObject => ({
  spec: { containers: [{ name: "main", image: "a", ...container }], ...rest },
});

describe("a default that Kubernetes writes", () => {
  test.each<{ name: string; kind: string; object: JsonObject; path: string; value: JsonValue | undefined }>([
    {
      name: "pulls an image without a tag always",
      kind: "Pod",
      object: pod({}),
      path: "spec.containers.0.imagePullPolicy",
      value: "Always",
    },
    {
      name: "pulls a latest image always",
      kind: "Pod",
      object: pod({ image: "r:5000/a:latest" }),
      path: "spec.containers.0.imagePullPolicy",
      value: "Always",
    },
    {
      name: "pulls a tagged image once",
      kind: "Pod",
      object: pod({ image: "r:5000/a:1" }),
      path: "spec.containers.0.imagePullPolicy",
      value: "IfNotPresent",
    },
    {
      name: "pulls a pinned image once",
      kind: "Pod",
      object: pod({ image: "a@sha256:1" }),
      path: "spec.containers.0.imagePullPolicy",
      value: "IfNotPresent",
    },
    {
      name: "leaves what is given",
      kind: "Pod",
      object: pod({ imagePullPolicy: "Never" }),
      path: "spec.containers.0.imagePullPolicy",
      value: "Never",
    },
    {
      name: "restarts a pod always",
      kind: "Pod",
      object: pod({}),
      path: "spec.restartPolicy",
      value: "Always",
    },
    {
      name: "names the scheduler",
      kind: "Pod",
      object: pod({}),
      path: "spec.schedulerName",
      value: "default-scheduler",
    },
    {
      name: "gives a pod thirty seconds to end",
      kind: "Pod",
      object: pod({}),
      path: "spec.terminationGracePeriodSeconds",
      value: 30,
    },
    {
      name: "takes a port as TCP",
      kind: "Pod",
      object: pod({ ports: [{ containerPort: 1 }] }),
      path: "spec.containers.0.ports.0.protocol",
      value: "TCP",
    },
    {
      name: "asks a probe every ten seconds",
      kind: "Pod",
      object: pod({ livenessProbe: { httpGet: { port: 1 } } }),
      path: "spec.containers.0.livenessProbe.periodSeconds",
      value: 10,
    },
    {
      name: "asks a probe for /",
      kind: "Pod",
      object: pod({ livenessProbe: { httpGet: { port: 1 } } }),
      path: "spec.containers.0.livenessProbe.httpGet.path",
      value: "/",
    },
    {
      name: "makes a volume without a source an empty folder",
      kind: "Pod",
      object: pod({}, { volumes: [{ name: "v" }] }),
      path: "spec.volumes.0.emptyDir",
      value: {},
    },
    {
      name: "keeps a volume's own source",
      kind: "Pod",
      object: pod({}, { volumes: [{ name: "v", secret: { secretName: "s" } }] }),
      path: "spec.volumes.0.emptyDir",
      value: undefined,
    },
    {
      name: "sends a service's port to the same one",
      kind: "Service",
      object: { spec: { ports: [{ port: 80 }] } },
      path: "spec.ports.0.targetPort",
      value: 80,
    },
    {
      name: "keeps a service within the cluster",
      kind: "Service",
      object: { spec: {} },
      path: "spec.type",
      value: "ClusterIP",
    },
    {
      name: "opens a load balancer's node ports",
      kind: "Service",
      object: { spec: { type: "LoadBalancer" } },
      path: "spec.allocateLoadBalancerNodePorts",
      value: true,
    },
    {
      name: "says nothing of an external name's traffic",
      kind: "Service",
      object: { spec: { type: "ExternalName" } },
      path: "spec.internalTrafficPolicy",
      value: undefined,
    },
    { name: "makes a secret opaque", kind: "Secret", object: {}, path: "type", value: "Opaque" },
    {
      name: "runs one replica of a Deployment",
      kind: "Deployment",
      object: { spec: {} },
      path: "spec.replicas",
      value: 1,
    },
    {
      name: "keeps a Deployment's zero",
      kind: "Deployment",
      object: { spec: { replicas: 0 } },
      path: "spec.replicas",
      value: 0,
    },
    {
      name: "rolls a Deployment by quarters",
      kind: "Deployment",
      object: { spec: { strategy: {} } },
      path: "spec.strategy.rollingUpdate.maxSurge",
      value: "25%",
    },
    {
      name: "rolls nothing where it is to be recreated",
      kind: "Deployment",
      object: { spec: { strategy: { type: "Recreate" } } },
      path: "spec.strategy.rollingUpdate",
      value: undefined,
    },
    {
      name: "starts a StatefulSet in order",
      kind: "StatefulSet",
      object: { spec: {} },
      path: "spec.podManagementPolicy",
      value: "OrderedReady",
    },
    {
      name: "names the group of a role",
      kind: "RoleBinding",
      object: { roleRef: { kind: "Role", name: "r" } },
      path: "roleRef.apiGroup",
      value: "rbac.authorization.k8s.io",
    },
    {
      name: "names a definition's singular and list",
      kind: "CustomResourceDefinition",
      object: { spec: { names: { kind: "Widget" } } },
      path: "spec.names.listKind",
      value: "WidgetList",
    },
    {
      name: "labels a namespace with its name",
      kind: "Namespace",
      object: { metadata: { name: "n" } },
      path: "metadata.labels",
      value: { "kubernetes.io/metadata.name": "n" },
    },
  ])("$name", ({ kind, object, path, value }) => {
    expect(at(completed(kind, object), path)).toEqual(value);
  });

  const specs = fc.dictionary(
    fc.constantFrom("containers", "volumes", "replicas", "selector", "template", "ports", "type", "strategy"),
    fc.oneof(fc.constantFrom(1, "x", true), fc.constant({}), fc.constant([{}]), fc.constant([])),
    { noNullPrototype: true },
  );

  test("is written once", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Pod", "Service", "Deployment", "StatefulSet", "Secret"),
        specs,
        (kind, spec) => {
          const object: JsonObject = JSON.parse(JSON.stringify({ spec }));
          const once = completed(kind, object);
          expect(completed(kind, once)).toEqual(once);
        },
      ),
    );
  });

  test("survives pruning", () => {
    fc.assert(
      fc.property(fc.constantFrom("Pod", "Service", "Deployment"), specs, (kind, spec) => {
        const schema = schemaOf(kind);
        const object: JsonObject = JSON.parse(JSON.stringify({ metadata: { name: "a" }, spec }));
        const once = applyDefaults(schema, pruneUnknown(schema, object).value);
        expect(pruneUnknown(schema, once)).toEqual({ value: once, unknownFields: [] });
      }),
    );
  });
});

describe("what Go can't read into its types", () => {
  test.each<{ name: string; kind: string; object: JsonObject; error: RegExp | undefined }>([
    { name: "nothing of it", kind: "ConfigMap", object: { data: { a: "b" } }, error: undefined },
    {
      name: "null anywhere",
      kind: "Pod",
      object: { spec: null, metadata: { labels: null } },
      error: undefined,
    },
    {
      name: "a number for a text",
      kind: "ConfigMap",
      object: { data: { a: 1 } },
      error: /cannot unmarshal number into Go struct field ConfigMap\.data of type string/,
    },
    {
      name: "a text for a number",
      kind: "Deployment",
      object: { spec: { replicas: "1" } },
      error: /cannot unmarshal string into Go struct field DeploymentSpec\.spec\.replicas of type int32/,
    },
    {
      name: "a fraction for an integer",
      kind: "Deployment",
      object: { spec: { replicas: 1.5 } },
      error: /cannot unmarshal number 1\.5/,
    },
    {
      name: "a text for a list",
      kind: "Pod",
      object: { spec: { containers: "x" } },
      error:
        /cannot unmarshal string into Go struct field PodSpec\.spec\.containers of type \[\]v1\.Container/,
    },
    {
      name: "a list for an object",
      kind: "Pod",
      object: { spec: [] },
      error: /cannot unmarshal array into Go struct field Pod\.spec of type v1\.PodSpec/,
    },
    {
      name: "a text for a truth",
      kind: "ConfigMap",
      object: { immutable: "yes" },
      error: /cannot unmarshal string .* of type bool/,
    },
    {
      name: "a truth for a port",
      kind: "Service",
      object: { spec: { ports: [{ targetPort: true }] } },
      error: /cannot unmarshal bool .* of type int32/,
    },
    {
      name: "a time that is none",
      kind: "Pod",
      object: { metadata: { creationTimestamp: "now" } },
      error: /parsing time "now" as "2006-01-02T15:04:05Z07:00"/,
    },
    {
      name: "bytes that are not base64",
      kind: "Secret",
      object: { data: { a: "a*==" } },
      error: /illegal base64 data at input byte 1/,
    },
    {
      name: "an amount that is none",
      kind: "Pod",
      object: { spec: { containers: [{ resources: { limits: { cpu: "much" } } }] } },
      error: /quantities must match the regular expression/,
    },
  ])("$name", ({ kind, object, error }) => {
    const found = decodeError(schemaOf(kind), object);
    if (error === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(error);
  });
});
