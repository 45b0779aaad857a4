import type { Agent } from "@lmos/resources";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, deploymentOf, rolloutOf, serviceOf, statefulSetOf } from "../testing/objects.ts";
import { ownerOf, ownerReferenceOf, workloadsAt } from "./lookup.ts";
import { servicesSelecting, workloadsSelectedBy } from "./selection.ts";

const key = { namespace: "default", name: "billing" };
let cluster: FakeCluster;

beforeEach(() => {
  cluster = new FakeCluster();
});

function ownedBy(kind: string, more: object = {}): Agent {
  const agent = agentOf("billing", []);
  const reference = {
    apiVersion: "any/v1",
    kind,
    name: "billing",
    uid: "billing-uid",
    controller: true,
    ...more,
  };
  return { ...agent, metadata: { ...agent.metadata, ownerReferences: [reference] } };
}

function putAll(): void {
  cluster.rollouts.put(rolloutOf("billing"));
  cluster.statefulSets.put(statefulSetOf("billing"));
  cluster.deployments.put(deploymentOf("billing"));
}

it("finds the workloads of a name in a fixed order", () => {
  putAll();
  cluster.deployments.put(deploymentOf("other"));
  expect(workloadsAt(key, cluster.stores).map(({ kind }) => kind)).toEqual([
    "Deployment",
    "StatefulSet",
    "Rollout",
  ]);
});

describe("the owner of an Agent", () => {
  it.each(["Deployment", "StatefulSet", "Rollout"])("is the %s that its reference names", (kind) => {
    putAll();
    expect(ownerOf(ownedBy(kind), cluster.stores)?.kind).toBe(kind);
  });

  it("is nobody where that one has another uid", () => {
    putAll();
    expect(ownerOf(ownedBy("Deployment", { uid: "another" }), cluster.stores)).toBeUndefined();
  });

  it.each([
    { name: "another kind", agent: ownedBy("DaemonSet") },
    { name: "a reference that does not control", agent: ownedBy("Deployment", { controller: false }) },
    { name: "no reference", agent: agentOf("billing", []) },
  ])("is not found through $name", ({ agent }) => {
    putAll();
    expect(ownerReferenceOf(agent)).toBeUndefined();
    expect(ownerOf(agent, cluster.stores)).toBeUndefined();
  });
});

describe("Services and workloads", () => {
  it("are found from both sides, whichever kind it is", () => {
    putAll();
    cluster.services.put(serviceOf("billing"));
    cluster.services.put(serviceOf("other"));
    const selected = workloadsSelectedBy(serviceOf("billing"), cluster.stores);
    expect(selected.map(({ kind }) => kind)).toEqual(["Deployment", "StatefulSet", "Rollout"]);
    for (const workload of selected) {
      expect(servicesSelecting(workload, cluster.stores).map(({ metadata }) => metadata.name)).toEqual([
        "billing",
      ]);
    }
  });

  it("meet through the hash that Argo adds to both, and not through that of a canary", () => {
    const rollout = rolloutOf("billing");
    cluster.rollouts.put(rollout);
    const steered = (name: string, hash: string) => ({
      ...serviceOf("billing", { selector: { "rollouts-pod-template-hash": hash, app: "billing" } }),
      metadata: { name, namespace: "default" },
    });
    cluster.services.put(steered("stable", "abc"));
    cluster.services.put(steered("canary", "def"));
    expect(servicesSelecting(rollout, cluster.stores).map(({ metadata }) => metadata.name)).toEqual([
      "stable",
    ]);
    expect(workloadsSelectedBy(steered("canary", "def"), cluster.stores)).toEqual([]);
  });

  it("have nothing to do with each other where the Service has no selector", () => {
    putAll();
    expect(workloadsSelectedBy(serviceOf("billing", { selector: {} }), cluster.stores)).toEqual([]);
  });
});
