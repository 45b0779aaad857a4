import {
  type Agent,
  conditionOf,
  type Deployment,
  type Rollout,
  type Service,
  type StatefulSet,
} from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, deploymentOf, rolloutOf, serviceOf, statefulSetOf } from "../testing/objects.ts";
import { createAgentReconciler } from "./reconciler.ts";
import { agentSources } from "./sources.ts";

const { signal } = new AbortController();
const key = { namespace: "default", name: "billing" };
const owned = {
  kind: "Deployment",
  apiVersion: "apps/v1",
  name: "billing",
  uid: "billing-uid",
  controller: true,
};
const counts = {
  observedGeneration: 1,
  replicas: 2,
  updatedReplicas: 2,
  readyReplicas: 1,
  availableReplicas: 1,
};

let cluster: FakeCluster;
let clock: FakeClock;
let reconcile: ReturnType<typeof createAgentReconciler>;

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  reconcile = createAgentReconciler({ stores: cluster.stores, writers: cluster.writers, clock });
});

async function statusOf(agent: Agent): Promise<NonNullable<Agent["status"]>> {
  cluster.agents.put({ ...agent, status: undefined });
  await reconcile(key, { signal });
  return cluster.agents.get(key)?.status ?? {};
}

function ofDeployment(capabilities: readonly string[] = []): Agent {
  const agent = agentOf("billing", capabilities);
  return { ...agent, metadata: { ...agent.metadata, ownerReferences: [owned] } };
}

describe("VersionsValid", () => {
  it.each([
    {
      name: "good ones",
      capabilities: ["a@1.0.0", "a@1.1.0"],
      reason: "AllValid",
      message: "every capability has a version of its own",
      wireable: 2,
    },
    {
      name: "a number",
      capabilities: ["a@1.0", "b@1.0.0"],
      reason: "InvalidVersion",
      message: "not a semantic version such as 1.0.0: a@1.0",
      wireable: 1,
    },
    {
      name: "a word",
      capabilities: ["a@latest"],
      reason: "InvalidVersion",
      message: "not a semantic version such as 1.0.0: a@latest",
      wireable: 0,
    },
    {
      name: "a repetition",
      capabilities: ["a@1.0.0", "a@1.0.0"],
      reason: "DuplicateCapability",
      message: "name and version given more than once: a@1.0.0",
      wireable: 1,
    },
    {
      name: "both faults",
      capabilities: ["a@1", "b@2.0.0", "b@2.0.0"],
      reason: "InvalidVersion",
      message: "not a semantic version such as 1.0.0: a@1; name and version given more than once: b@2.0.0",
      wireable: 1,
    },
  ])("of $name", async ({ capabilities, reason, message, wireable }) => {
    const status = await statusOf(agentOf("billing", capabilities));
    expect(conditionOf(status.conditions, "VersionsValid")).toMatchObject({ reason, message });
    expect(status).toMatchObject({ capabilities: wireable, observedGeneration: 1 });
  });
});

describe("Ready", () => {
  it.each<{ name: string; agent: Agent; deployment?: Deployment; service?: Service; ready: string }>([
    {
      name: "of a Deployment that is available",
      agent: ofDeployment(),
      deployment: deploymentOf("billing"),
      service: serviceOf("billing"),
      ready: "True DeploymentAvailable",
    },
    {
      name: "of a Deployment that is partly available",
      agent: ofDeployment(),
      deployment: deploymentOf("billing", { status: counts }),
      service: serviceOf("billing"),
      ready: "True RolloutInProgress",
    },
    {
      name: "of a Deployment without pods",
      agent: ofDeployment(),
      deployment: deploymentOf("billing", { status: undefined }),
      service: serviceOf("billing"),
      ready: "False DeploymentUnavailable",
    },
    {
      name: "without a Service",
      agent: ofDeployment(),
      deployment: deploymentOf("billing"),
      ready: "False NoService",
    },
    { name: "without its Deployment", agent: ofDeployment(), ready: "False DeploymentNotFound" },
    { name: "of a hand-made Agent", agent: agentOf("billing", []), ready: "True Unmanaged" },
  ])("$name", async ({ agent, deployment, service, ready }) => {
    if (deployment !== undefined) cluster.deployments.put(deployment);
    if (service !== undefined) cluster.services.put(service);
    const condition = conditionOf((await statusOf(agent)).conditions, "Ready");
    expect(`${condition?.status} ${condition?.reason}`).toBe(ready);
  });

  it("tells of a Deployment that announces an Agent which is there already", async () => {
    cluster.deployments.put(deploymentOf("billing"));
    const status = await statusOf(agentOf("billing", []));
    expect(conditionOf(status.conditions, "Ready")?.message).toMatch(/the Deployment billing does not own/);
  });
});

describe("Ready of other workloads", () => {
  const ownedBy = (kind: string): Agent => {
    const agent = agentOf("billing", []);
    return { ...agent, metadata: { ...agent.metadata, ownerReferences: [{ ...owned, kind }] } };
  };

  it.each<{ name: string; agent: Agent; statefulSet?: StatefulSet; rollout?: Rollout; ready: string }>([
    {
      name: "a StatefulSet that is available",
      agent: ownedBy("StatefulSet"),
      statefulSet: statefulSetOf("billing"),
      ready: "True StatefulSetAvailable",
    },
    {
      name: "a StatefulSet without pods",
      agent: ownedBy("StatefulSet"),
      statefulSet: statefulSetOf("billing", { status: undefined }),
      ready: "False StatefulSetUnavailable",
    },
    { name: "a StatefulSet that is gone", agent: ownedBy("StatefulSet"), ready: "False StatefulSetNotFound" },
    {
      name: "a Rollout that is healthy",
      agent: ownedBy("Rollout"),
      rollout: rolloutOf("billing"),
      ready: "True RolloutAvailable",
    },
    {
      name: "a Rollout in the middle of a canary",
      agent: ownedBy("Rollout"),
      rollout: rolloutOf("billing", {
        status: { ...counts, observedGeneration: "1", phase: "Paused", stableRS: "abc" },
      }),
      ready: "True RolloutInProgress",
    },
    {
      name: "a Rollout of a cluster that no longer has the kind",
      agent: ownedBy("Rollout"),
      ready: "False RolloutNotFound",
    },
  ])("$name", async ({ agent, statefulSet, rollout, ready }) => {
    cluster.services.put(serviceOf("billing"));
    if (statefulSet !== undefined) cluster.statefulSets.put(statefulSet);
    if (rollout !== undefined) cluster.rollouts.put(rollout);
    const condition = conditionOf((await statusOf(agent)).conditions, "Ready");
    expect(`${condition?.status} ${condition?.reason}`).toBe(ready);
  });
});

describe("S5 an address that somebody wrote", () => {
  it.each([
    { name: "an alias of another name", spec: { type: "ExternalName" } },
    { name: "endpoints made by hand", spec: { selector: {} } },
  ])("through $name is not followed for a hand-made Agent", async ({ spec }) => {
    cluster.services.put(serviceOf("billing", spec));
    const status = await statusOf(agentOf("billing", []));
    expect(status.host).toBeUndefined();
    expect(conditionOf(status.conditions, "Ready")).toMatchObject({
      status: "False",
      reason: "ServiceWithoutPods",
    });
  });
});

describe("host", () => {
  it.each<{ name: string; agent: Agent; service?: Service; host: string | undefined }>([
    {
      name: "of its Service",
      agent: ofDeployment(),
      service: named("bills", serviceOf("billing")),
      host: "bills.default.svc.cluster.local",
    },
    {
      name: "with the port where that is not 8080",
      agent: ofDeployment(),
      service: serviceOf("billing", { ports: [{ port: 80 }] }),
      host: "billing.default.svc.cluster.local:80",
    },
    { name: "unknown without a Service", agent: ofDeployment(), host: undefined },
    {
      name: "guessed for a hand-made Agent",
      agent: agentOf("billing", []),
      host: "billing.default.svc.cluster.local",
    },
    {
      name: "of the Service named like a hand-made Agent",
      agent: agentOf("billing", []),
      service: serviceOf("billing", { ports: [{ port: 80 }] }),
      host: "billing.default.svc.cluster.local:80",
    },
  ])("$name", async ({ agent, service, host }) => {
    cluster.deployments.put(deploymentOf("billing"));
    if (service !== undefined) cluster.services.put(service);
    expect((await statusOf(agent)).host).toBe(host);
  });

  it("stays what it was when the Service is gone", async () => {
    cluster.deployments.put(deploymentOf("billing"));
    cluster.agents.put(ofDeployment());
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.status?.host).toBe("billing.default.svc.cluster.local");
  });
});

it("writes once and then nothing", async () => {
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  await reconcile(key, { signal });
  await reconcile(key, { signal });
  expect(cluster.writes).toEqual(["Agent/status billing"]);
});

it("is concerned by its own Deployment and Service only", () => {
  cluster.deployments.put(deploymentOf("billing"));
  cluster.deployments.put(deploymentOf("news"));
  const names: string[] = [];
  for (const source of agentSources(cluster.stores)) source.start(({ name }) => void names.push(name));
  names.length = 0;
  cluster.services.put(named("bills", serviceOf("billing")));
  expect(names).toEqual(["bills", "billing"]);
});

function named(name: string, service: Service): Service {
  return { ...service, metadata: { ...service.metadata, name } };
}

describe("an Agent that is edited", () => {
  const edit = (generation: number, capabilities: readonly string[]): void => {
    const status = cluster.agents.get(key)?.status;
    const agent = agentOf("billing", capabilities);
    cluster.agents.put({ ...agent, metadata: { ...agent.metadata, generation }, status });
  };
  const observed = (): number | undefined => cluster.agents.get(key)?.status?.observedGeneration;

  beforeEach(async () => {
    edit(1, ["bill@1.0.0"]);
    await reconcile(key, { signal });
    cluster.writes.length = 0;
  });

  it("has its generation told when it has rested for a second, where nothing else is new", async () => {
    edit(2, ["bill@1.0.1"]);
    expect(await reconcile(key, { signal })).toEqual({ kind: "after", ms: 1_000 });
    await clock.advance(500);
    edit(3, ["bill@1.0.2"]);
    expect(await reconcile(key, { signal })).toEqual({ kind: "after", ms: 1_000 });
    expect(observed()).toBe(1);
    await clock.advance(1_000);
    expect(await reconcile(key, { signal })).toEqual({ kind: "onChange" });
    expect(observed()).toBe(3);
    expect(cluster.writes).toEqual(["Agent/status billing"]);
  });

  it("has it told every five seconds while it is edited all the time", async () => {
    for (let generation = 2; generation <= 21; generation += 1) {
      edit(generation, [`bill@1.0.${generation}`]);
      await reconcile(key, { signal });
      await clock.advance(500);
    }
    expect(cluster.writes).toHaveLength(1);
    expect(observed()).toBe(12);
  });

  it.each([
    { name: "a version that is none", capabilities: ["bill@latest"] },
    { name: "a capability more", capabilities: ["bill@1.0.0", "move@1.0.0"] },
  ])("has news told at once: $name", async ({ capabilities }) => {
    edit(2, capabilities);
    await reconcile(key, { signal });
    expect(observed()).toBe(2);
  });
});
