/**
 * Picks the schemas of the kinds that the embedded API server serves out of the OpenAPI documents that Kubernetes
 * publishes, with everything they refer to, and writes them as one file of named definitions.
 *
 * Usage: `node tools/generate/kubernetes-openapi.ts KUBERNETES_SOURCE VERSION`, where KUBERNETES_SOURCE holds
 * `api/openapi-spec/v3`, as a checkout of k8s.io/kubernetes does, and VERSION is its tag, such as `v1.34.4`. The documents
 * of a running kube-apiserver (`kubectl get --raw /openapi/v3/…`, saved under the same names: `apis__apps__v1_openapi.json`)
 * also name the values of enumerations, which the published ones leave out and `kubectl explain` shows: take those.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Json = Record<string, unknown>;

const target = new URL("../../packages/resource-definitions/src/builtin/generated/", import.meta.url);

const rootKinds: readonly string[] = [
  "/v1/Namespace",
  "/v1/Pod",
  "/v1/Service",
  "/v1/ConfigMap",
  "/v1/Secret",
  "/v1/ServiceAccount",
  "/v1/Event",
  "/v1/ResourceQuota",
  "/v1/LimitRange",
  "apps/v1/Deployment",
  "apps/v1/ReplicaSet",
  "apps/v1/StatefulSet",
  "apps/v1/ControllerRevision",
  "autoscaling/v1/Scale",
  "apiextensions.k8s.io/v1/CustomResourceDefinition",
  "authorization.k8s.io/v1/SelfSubjectAccessReview",
  "coordination.k8s.io/v1/Lease",
  "discovery.k8s.io/v1/EndpointSlice",
  "events.k8s.io/v1/Event",
  "networking.k8s.io/v1/NetworkPolicy",
  "policy/v1/PodDisruptionBudget",
  "rbac.authorization.k8s.io/v1/Role",
  "rbac.authorization.k8s.io/v1/RoleBinding",
  "rbac.authorization.k8s.io/v1/ClusterRole",
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
];

const [source, version] = process.argv.slice(2);
if (source === undefined || version === undefined) {
  throw new Error("usage: node tools/generate/kubernetes-openapi.ts KUBERNETES_SOURCE VERSION");
}
const published = readDefinitions(join(source, "api/openapi-spec/v3"));
const definitions = closureOf(rootKinds.map(definitionOf));
writeFileSync(
  new URL("kubernetes-openapi.json", target),
  `${JSON.stringify({ version, definitions }, undefined, 1)}\n`,
);
process.stdout.write(`${Object.keys(definitions).length} definitions of Kubernetes ${version}\n`);

function readDefinitions(folder: string): ReadonlyMap<string, Json> {
  const found = new Map<string, Json>();
  for (const file of readdirSync(folder).filter(
    (name) => name.endsWith("_v1_openapi.json") || name.includes("__v1_"),
  )) {
    const document: { components?: { schemas?: Record<string, Json> } } = JSON.parse(
      readFileSync(join(folder, file), "utf8"),
    );
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) found.set(name, schema);
  }
  return found;
}

function definitionOf(rootKind: string): string {
  const [group, kindVersion, kind] = rootKind.split("/");
  for (const [name, schema] of published) {
    const served = schema["x-kubernetes-group-version-kind"];
    const matches = (entry: Json) =>
      entry["group"] === group && entry["version"] === kindVersion && entry["kind"] === kind;
    if (Array.isArray(served) && served.some(matches)) return name;
  }
  throw new Error(`the published OpenAPI documents do not describe ${rootKind}`);
}

function closureOf(roots: readonly string[]): Record<string, Json> {
  const wanted = new Set(roots);
  for (const name of wanted) {
    for (const reference of JSON.stringify(published.get(name)).matchAll(
      /#\/components\/schemas\/([^"]+)/g,
    )) {
      if (reference[1] !== undefined) wanted.add(reference[1]);
    }
  }
  return Object.fromEntries([...wanted].sort().map((name) => [name, published.get(name) ?? {}]));
}
