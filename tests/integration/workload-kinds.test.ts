/**
 * Agents that run as StatefulSets and as Rollouts, against the embedded API server and in `npm run test:operator` against
 * a real one. The test plays the controllers of both, and brings a CustomResourceDefinition of Argo's kind, reduced to what
 * is read of it.
 */
import type { KubeObject } from "@lmos/kube";
import type { Operator } from "@lmos/operator";
import {
  agentKind,
  channelKind,
  channelRoutingKind,
  conditionOf,
  formatLocalEndpoints,
  localEndpointsAnnotation,
} from "@lmos/resources";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startDescribedAgent } from "../operator/agents/described-agent.ts";
import { looseKind } from "../operator/harness/definitions.ts";
import { type Cluster, capability, channel, patienceMs, startCluster } from "./operator-harness.ts";

const { signal } = new AbortController();
const definitionKind = looseKind(
  "apiextensions.k8s.io",
  "CustomResourceDefinition",
  "customresourcedefinitions",
  false,
);
const statefulSetKind = looseKind("apps", "StatefulSet", "statefulsets");
const rolloutKind = { ...looseKind("argoproj.io", "Rollout", "rollouts"), version: "v1alpha1" };
const serviceKind = looseKind("", "Service", "services");
const owner = { fieldManager: "test", force: true, signal };
const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };

let cluster: Cluster;
let operator: Operator;
let agents: AsyncDisposableStack;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.client.apply(definitionKind, rolloutDefinition(), owner);
  agents = new AsyncDisposableStack();
  operator = await cluster.startOperator();
});

afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await agents.disposeAsync();
  await cluster[Symbol.asyncDispose]();
});

it.each([
  {
    kind: "StatefulSet",
    type: statefulSetKind,
    apiVersion: "apps/v1",
    name: "ledger-agent",
    status: { ...counts, observedGeneration: 1, currentRevision: "one", updateRevision: "one" },
  },
  {
    kind: "Rollout",
    type: rolloutKind,
    apiVersion: "argoproj.io/v1alpha1",
    name: "billing-agent",
    status: { ...counts, observedGeneration: "1", phase: "Healthy" },
  },
])(
  "an agent that runs as a $kind is discovered, owned by it, wired, and goes with it",
  async (row) => {
    const { kind, type, apiVersion, name, status } = row;
    const key = { namespace: "default", name };
    const agent = agents.use(
      await startDescribedAgent({ supportedChannels: ["web"], capabilities: [capability(name, "1.0.0")] }),
    );
    const annotations = {
      [localEndpointsAnnotation]: formatLocalEndpoints([
        { address: "127.0.0.1", port: 8080, targetPort: agent.port },
      ]),
    };
    await cluster.client.apply(
      serviceKind,
      { ...head("v1", "Service", name, { annotations }), ...service(name) },
      owner,
    );
    const labels = { "lmos-agent": "true" };
    await cluster.client.apply(
      type,
      { ...head(apiVersion, kind, name, { labels }), ...workload(name) },
      owner,
    );
    await cluster.apply(
      channel(`acme-${name}`, [`${name}@^1.0.0`], { channel: "web", subset: "stable", tenant: name }),
    );
    expect(await cluster.client.get(agentKind, key, { signal })).toBeUndefined();
    await cluster.client.patch(
      type,
      key,
      { kind: "merge", body: { status } },
      { subresource: "status", signal },
    );
    await vi.waitFor(
      async () => {
        const found = await cluster.client.get(agentKind, key, { signal });
        expect(found?.metadata.ownerReferences?.[0]).toMatchObject({
          apiVersion,
          kind,
          name,
          controller: true,
        });
        expect(conditionOf(found?.status?.conditions, "Ready")?.reason).toBe(`${kind}Available`);
        const routing = await cluster.client.get(
          channelRoutingKind,
          { ...key, name: `acme-${name}` },
          { signal },
        );
        expect(routing?.spec.capabilityGroups.map((group) => group.name)).toEqual([name]);
      },
      { timeout: patienceMs },
    );
    await cluster.delete(type, key);
    await cluster.delete(channelKind, { ...key, name: `acme-${name}` });
    await cluster.delete(serviceKind, key);
    await vi.waitFor(
      async () => expect(await cluster.client.get(agentKind, key, { signal })).toBeUndefined(),
      { timeout: patienceMs },
    );
  },
  120_000,
);

function head(apiVersion: string, kind: string, name: string, metadata: object): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: "default", ...metadata } };
}

function service(name: string) {
  return { spec: { selector: { app: name }, ports: [{ port: 8080 }] } };
}

function workload(name: string) {
  const template = {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: "agent", image: "none" }] },
  };
  return { spec: { replicas: 1, serviceName: name, selector: { matchLabels: { app: name } }, template } };
}

/** Argo's kind as it is served, with a schema that keeps whatever is written. */
function rolloutDefinition(): KubeObject & { readonly spec: object } {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: open, status: open } } };
  const version = { name: "v1alpha1", served: true, storage: true, schema, subresources: { status: {} } };
  const names = { kind: "Rollout", listKind: "RolloutList", plural: "rollouts", singular: "rollout" };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "rollouts.argoproj.io" },
    spec: { group: "argoproj.io", scope: "Namespaced", names, versions: [version] },
  };
}
