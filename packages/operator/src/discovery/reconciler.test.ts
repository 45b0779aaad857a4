import { formatLocalEndpoints, localEndpointsAnnotation } from "@lmos/resources";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, deploymentOf, rolloutOf, serviceOf, statefulSetOf } from "../testing/objects.ts";
import type { CapabilitiesOutcome } from "./capabilities-reader.ts";
import { createReadings } from "./readings.ts";
import { createDiscoveryReconciler } from "./reconciler.ts";
import { discoverySources } from "./sources.ts";

const { signal } = new AbortController();
const key = { namespace: "default", name: "billing" };
const refused: CapabilitiesOutcome = {
  kind: "failed",
  reason: "Unreachable",
  message: "can't be reached (ECONNREFUSED)",
};

let cluster: FakeCluster;
let clock: FakeClock;
let outcome: CapabilitiesOutcome;
let origins: string[];
let reconcile: ReturnType<typeof createDiscoveryReconciler>;

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  outcome = announcing("1.0.0");
  origins = [];
  reconcile = reconciler({ local: false });
});

function reconciler({ local }: { readonly local: boolean }) {
  const reader = {
    read: async (origin: string) => {
      origins.push(origin);
      return outcome;
    },
  };
  const readings = createReadings({ reader, clock, random: new SeededRandom(1) });
  return createDiscoveryReconciler({
    stores: cluster.stores,
    writers: cluster.writers,
    readings,
    clock,
    local,
  });
}

function announcing(version: string): CapabilitiesOutcome {
  const capabilities = [{ id: "bill-id", name: "bill", version, description: "", examples: [] }];
  const document = {
    id: "ignored",
    description: "Bills",
    supportedTenants: [],
    supportedChannels: ["web"],
    capabilities,
  };
  return { kind: "read", document };
}

function deploy(): void {
  cluster.deployments.put(deploymentOf("billing"));
  cluster.services.put(serviceOf("billing"));
}

describe("a Deployment that is rolled out", () => {
  it("gets an Agent of its name, then the condition, then nothing more", async () => {
    deploy();
    await reconcile(key, { signal });
    await reconcile(key, { signal });
    await reconcile(key, { signal });
    expect(cluster.writes).toEqual(["Agent billing", "Agent/status billing"]);
    expect(cluster.agents.get(key)).toMatchObject({
      metadata: {
        labels: { "lmos-agent": "true", subset: "stable" },
        ownerReferences: [
          { kind: "Deployment", uid: "billing-uid", controller: true, blockOwnerDeletion: false },
        ],
      },
      spec: { id: "billing", description: "Bills", providedCapabilities: [{ name: "bill" }] },
    });
    expect(cluster.events).toEqual(["AgentCreated: The Agent billing provides 1 capabilities"]);
  });

  it("is read once, and again after five minutes", async () => {
    deploy();
    expect(await reconcile(key, { signal })).toEqual({ kind: "after", ms: 300_000 });
    await clock.advance(299_000);
    expect(await reconcile(key, { signal })).toEqual({ kind: "after", ms: 1000 });
    expect(origins).toEqual(["http://billing.default.svc.cluster.local:8080"]);
    await clock.advance(1000);
    outcome = announcing("1.1.0");
    await reconcile(key, { signal });
    expect(origins).toHaveLength(2);
    expect(cluster.agents.get(key)?.spec.providedCapabilities[0]?.version).toBe("1.1.0");
  });

  it("is read again when its generation changes", async () => {
    deploy();
    await reconcile(key, { signal });
    const deployment = deploymentOf("billing");
    const metadata = { ...deployment.metadata, generation: 2 };
    cluster.deployments.put({ ...deployment, metadata });
    await reconcile(key, { signal });
    expect(origins).toHaveLength(1);
    cluster.deployments.put(deploymentOf("billing", { metadata, ...rolledOut(2) }));
    await reconcile(key, { signal });
    expect(origins).toHaveLength(2);
  });

  it("passes its subset on", async () => {
    const deployment = deploymentOf("billing");
    const labels = { "lmos-agent": "true", subset: "canary" };
    cluster.deployments.put({ ...deployment, metadata: { ...deployment.metadata, labels } });
    cluster.services.put(serviceOf("billing"));
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.metadata.labels?.["subset"]).toBe("canary");
  });

  it("has an edited Agent put back", async () => {
    deploy();
    await reconcile(key, { signal });
    const agent = cluster.agents.get(key);
    if (agent === undefined) throw new TypeError("no Agent");
    cluster.agents.put({
      ...agent,
      spec: { ...agent.spec, description: "edited" },
      metadata: { ...agent.metadata, resourceVersion: "9" },
    });
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.spec.description).toBe("Bills");
    expect(origins).toHaveLength(1);
  });
});

describe("an agent that can't be read", () => {
  it("is tried again for ever, at last once a minute", async () => {
    deploy();
    outcome = refused;
    const delays: number[] = [];
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const requeue = await reconcile(key, { signal });
      if (requeue.kind === "after") delays.push(requeue.ms);
      await clock.advance(requeue.kind === "after" ? requeue.ms : 0);
    }
    expect(origins).toHaveLength(12);
    expect(delays[0]).toBeLessThanOrEqual(500);
    expect(delays.every((delay, index) => delay >= 0.8 * Math.min(60_000, 500 * 2 ** index))).toBe(true);
    expect(Math.max(...delays)).toBeLessThanOrEqual(60_000);
  });

  it("is said in one event on the Deployment as long as there is no Agent", async () => {
    deploy();
    outcome = refused;
    await reconcile(key, { signal });
    await reconcile(key, { signal });
    expect(cluster.writes).toEqual([]);
    expect(cluster.events).toEqual([
      "Unreachable: No Agent was made from this Deployment: the Service billing can't be reached (ECONNREFUSED)",
    ]);
  });

  it("keeps its last good Agent, with the condition", async () => {
    deploy();
    await reconcile(key, { signal });
    outcome = refused;
    await clock.advance(300_000);
    await reconcile(key, { signal });
    const agent = cluster.agents.get(key);
    expect(agent?.spec.providedCapabilities).toHaveLength(1);
    expect(agent?.status?.conditions).toMatchObject([
      { type: "Discovered", status: "False", reason: "Unreachable" },
    ]);
  });

  it("does not become an Agent that the API server would refuse", async () => {
    deploy();
    outcome = announcing("9".repeat(300));
    await reconcile(key, { signal });
    expect(cluster.writes).toEqual([]);
    expect(cluster.events[0]).toMatch(/^InvalidDocument: .*spec\.providedCapabilities\.0\.version/);
  });
});

describe("nothing is read", () => {
  it.each([
    { name: "without a Service", services: [], event: /^NoService: / },
    {
      name: "with two Services",
      services: [serviceOf("billing"), namesake()],
      event: /^SeveralServices: .*other and billing|billing and other/,
    },
    {
      name: "with a Service without ports",
      services: [serviceOf("billing", { ports: [] })],
      event: /^NoPort: /,
    },
    {
      name: "with a Service that leads elsewhere",
      services: [serviceOf("billing", { type: "ExternalName" })],
      event: /^NoService: /,
    },
  ])("$name", async ({ services, event }) => {
    cluster.deployments.put(deploymentOf("billing"));
    for (const service of services) cluster.services.put(service);
    expect(await reconcile(key, { signal })).toEqual({ kind: "onChange" });
    expect(origins).toEqual([]);
    expect(cluster.events[0]).toMatch(event);
  });

  it.each([
    { name: "not yet observed", status: { observedGeneration: 0 } },
    { name: "with pods of the old template", status: { replicas: 2 } },
    { name: "with a pod to be updated", status: { updatedReplicas: 0 } },
    { name: "with a pod that is not available", status: { availableReplicas: 0 } },
  ])("of a Deployment $name", async ({ status }) => {
    deploy();
    const deployment = deploymentOf("billing");
    cluster.deployments.put({ ...deployment, ...rolledOut(1, status) });
    await reconcile(key, { signal });
    expect([...origins, ...cluster.events, ...cluster.writes]).toEqual([]);
  });

  it("for an Agent that somebody wrote by hand", async () => {
    deploy();
    cluster.agents.put(agentOf("billing", ["bill@7.0.0"]));
    await reconcile(key, { signal });
    expect([...origins, ...cluster.writes]).toEqual([]);
    expect(cluster.events[0]).toMatch(/^AgentNotOwned: /);
  });

  it("while the Agent of a deleted Deployment of that name is still there", async () => {
    deploy();
    await reconcile(key, { signal });
    const deployment = deploymentOf("billing");
    cluster.deployments.put({ ...deployment, metadata: { ...deployment.metadata, uid: "next-uid" } });
    await reconcile(key, { signal });
    expect(cluster.writes).toEqual(["Agent billing"]);
    cluster.agents.remove(key);
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.metadata.ownerReferences?.[0]?.uid).toBe("next-uid");
  });

  it("when the Deployment is gone", async () => {
    expect(await reconcile(key, { signal })).toEqual({ kind: "onChange" });
    expect(origins).toEqual([]);
  });
});

describe("other kinds of workloads", () => {
  it.each([
    {
      kind: "StatefulSet",
      apiVersion: "apps/v1",
      put: () => cluster.statefulSets.put(statefulSetOf("billing")),
    },
    {
      kind: "Rollout",
      apiVersion: "argoproj.io/v1alpha1",
      put: () => cluster.rollouts.put(rolloutOf("billing")),
    },
  ])("a $kind gets an Agent that it owns", async ({ kind, apiVersion, put }) => {
    put();
    cluster.services.put(serviceOf("billing"));
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.metadata.ownerReferences).toEqual([
      { apiVersion, kind, name: "billing", uid: "billing-uid", controller: true, blockOwnerDeletion: false },
    ]);
  });

  it.each([
    {
      kind: "StatefulSet",
      put: () => cluster.statefulSets.put(statefulSetOf("billing", { status: undefined })),
    },
    { kind: "Rollout", put: () => cluster.rollouts.put(rolloutOf("billing", { status: undefined })) },
  ])("a $kind that is not rolled out is not read", async ({ put }) => {
    put();
    cluster.services.put(serviceOf("billing"));
    await reconcile(key, { signal });
    expect([...origins, ...cluster.writes, ...cluster.events]).toEqual([]);
  });

  it("a Rollout is read from the Service of its users, not from that of its canary", async () => {
    const rollout = rolloutOf("billing");
    const strategy = { canary: { stableService: "billing" } };
    cluster.rollouts.put({ ...rollout, spec: { ...rollout.spec, strategy } });
    cluster.services.put(serviceOf("billing"));
    cluster.services.put(namesake());
    await reconcile(key, { signal });
    expect(origins).toEqual(["http://billing.default.svc.cluster.local:8080"]);
  });

  it("of several of one name the first announces, and the others are told once", async () => {
    deploy();
    cluster.rollouts.put(
      rolloutOf("billing", { metadata: { ...rolloutOf("billing").metadata, uid: "rollout-uid" } }),
    );
    await reconcile(key, { signal });
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.metadata.ownerReferences?.[0]?.kind).toBe("Deployment");
    expect(cluster.events).toEqual(
      [
        "AgentNotOwned: No Agent was made from this Rollout: the Deployment billing has the same name, and its Agent is left alone",
        "AgentCreated: The Agent billing provides 1 capabilities",
      ].toReversed(),
    );
  });

  it("the owner keeps its Agent although a workload that would come first appears", async () => {
    cluster.rollouts.put(
      rolloutOf("billing", { metadata: { ...rolloutOf("billing").metadata, uid: "rollout-uid" } }),
    );
    cluster.services.put(serviceOf("billing"));
    await reconcile(key, { signal });
    cluster.deployments.put(deploymentOf("billing"));
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.metadata.ownerReferences?.[0]?.kind).toBe("Rollout");
    expect(cluster.events.at(-1)).toMatch(/^AgentNotOwned: No Agent was made from this Deployment/);
  });

  it("another kind takes over when the Agent of the one before is gone", async () => {
    deploy();
    await reconcile(key, { signal });
    cluster.deployments.remove(key);
    cluster.rollouts.put(
      rolloutOf("billing", { metadata: { ...rolloutOf("billing").metadata, uid: "rollout-uid" } }),
    );
    await reconcile(key, { signal });
    expect(cluster.writes).toEqual(["Agent billing"]);
    cluster.agents.remove(key);
    await reconcile(key, { signal });
    expect(cluster.agents.get(key)?.metadata.ownerReferences?.[0]?.kind).toBe("Rollout");
  });

  it("concern the Agent of their name whenever they change", () => {
    const names: string[] = [];
    for (const source of discoverySources(cluster.stores)) source.start(({ name }) => void names.push(name));
    cluster.statefulSets.put(statefulSetOf("a"));
    cluster.rollouts.put(rolloutOf("b"));
    cluster.services.put(serviceOf("b"));
    expect(names).toEqual(["a", "b", "b"]);
  });
});

describe("on a laptop", () => {
  const annotate = (endpoints: Parameters<typeof formatLocalEndpoints>[0]): void => {
    const service = serviceOf("billing");
    const annotations = { [localEndpointsAnnotation]: formatLocalEndpoints(endpoints) };
    cluster.services.put({ ...service, metadata: { ...service.metadata, annotations } });
  };

  beforeEach(() => {
    deploy();
    reconcile = reconciler({ local: true });
  });

  it("reads from the process behind the Service's port", async () => {
    annotate([{ address: "127.0.0.1", port: 8080, targetPort: 4711 }]);
    await reconcile(key, { signal });
    expect(origins).toEqual(["http://127.0.0.1:4711"]);
  });

  it("waits for a process without a word", async () => {
    await reconcile(key, { signal });
    expect([...origins, ...cluster.events]).toEqual([]);
  });

  it("does not go where an annotation leads away from this machine", async () => {
    annotate([{ address: "169.254.169.254", port: 8080, targetPort: 80 }]);
    await reconcile(key, { signal });
    expect(origins).toEqual([]);
  });

  it("does not honour the annotation in a cluster", async () => {
    annotate([{ address: "127.0.0.1", port: 8080, targetPort: 4711 }]);
    reconcile = reconciler({ local: false });
    await reconcile(key, { signal });
    expect(origins).toEqual(["http://billing.default.svc.cluster.local:8080"]);
  });
});

function namesake() {
  const service = serviceOf("billing");
  return { ...service, metadata: { ...service.metadata, name: "other" } };
}

function rolledOut(observedGeneration: number, more: object = {}) {
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  return { status: { ...counts, observedGeneration, ...more } };
}
