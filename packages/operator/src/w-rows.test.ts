/**
 * The weaknesses of the Kotlin operator, row by row: each test fails on its behaviour. Not here: W5 (rollouts), which
 * comes with its feature.
 */
import { readFileSync } from "node:fs";
import { silentLogger, whenAborted } from "@lmos/primitives";
import { isRange, isVersion } from "@lmos/resolver";
import { type Channel, conditionOf } from "@lmos/resources";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { Registry } from "prom-client";
import { beforeEach, expect, it } from "vitest";
import { createAgentReconciler } from "./agent/reconciler.ts";
import { type Authenticate, callerOf } from "./api/auth/caller.ts";
import { livenessOf, readinessOf } from "./api/health.ts";
import { createManagementApi } from "./api/management.ts";
import { createReadApi } from "./api/read-api.ts";
import { createChannelReconciler } from "./channel/reconciler.ts";
import { channelSources } from "./channel/sources.ts";
import type { CapabilitiesOutcome } from "./discovery/capabilities-reader.ts";
import { createReadings } from "./discovery/readings.ts";
import { createDiscoveryReconciler } from "./discovery/reconciler.ts";
import { lead } from "./leadership/lead.ts";
import { createTelemetry } from "./telemetry.ts";
import { FakeCluster } from "./testing/fake-cluster.ts";
import { FakeLeaseClient } from "./testing/fake-lease-client.ts";
import { agentOf, channelOf, deploymentOf, serviceOf } from "./testing/objects.ts";
import { isRolledOut } from "./workload/rolled-out.ts";

const { signal } = new AbortController();
const key = (name: string) => ({ namespace: "default", name });

let cluster: FakeCluster;
let clock: FakeClock;
let reconcileChannel: ReturnType<typeof createChannelReconciler>;
let reconcileAgent: ReturnType<typeof createAgentReconciler>;

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  const options = { stores: cluster.stores, writers: cluster.writers, clock };
  reconcileChannel = createChannelReconciler(options);
  reconcileAgent = createAgentReconciler(options);
});

async function settle(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    for (let waited = 0; waited < 10_000; ) {
      const requeue = await reconcileChannel(key(name), { signal });
      if (requeue.kind === "onChange" || requeue.ms > 10_000) break;
      await clock.advance(requeue.ms);
      waited += requeue.ms;
    }
  }
}

const wired = (name: string): readonly string[] | undefined =>
  cluster.routings
    .get(key(name))
    ?.spec.capabilityGroups.flatMap((group) =>
      group.capabilities.map((one) => `${one.name} ${one.providedVersion} ${group.name}`),
    );
const channelCondition = (name: string, type: string) =>
  conditionOf(cluster.channels.get(key(name))?.status?.conditions, type);
const labelled = (channel: Channel, labels: Record<string, string>, resourceVersion: string): Channel => {
  return { ...channel, metadata: { ...channel.metadata, labels, resourceVersion } };
};

function discovery(outcome: () => CapabilitiesOutcome) {
  const reader = { read: async () => outcome() };
  const readings = createReadings({ reader, clock, random: new SeededRandom(1) });
  const options = { stores: cluster.stores, writers: cluster.writers, readings, clock, local: false };
  return createDiscoveryReconciler(options);
}

function announcing(version: string): CapabilitiesOutcome {
  const capabilities = [{ id: "bill", name: "bill", version, description: "", examples: [] }];
  const audience = { supportedTenants: [], supportedChannels: ["web"] };
  return { kind: "read", document: { id: "", description: "", ...audience, capabilities } };
}

it("W1 half a wiring never goes live", async () => {
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0", "news@^1.0.0"]));
  await settle("acme");
  expect(wired("acme")).toBeUndefined();
  cluster.agents.put(agentOf("press", ["news@1.0.0"]));
  await settle("acme");
  cluster.agents.remove(key("press"));
  await settle("acme");
  expect(wired("acme")).toEqual(["bill 1.0.0 billing", "news 1.0.0 press"]);
});

it("W2 a bad version harms its own capability only, and is reported", async () => {
  cluster.agents.put(agentOf("bad", ["bill@1.0", "news@1.0.0"]));
  cluster.agents.put(agentOf("good", ["bill@1.0.0"]));
  cluster.channels.put(channelOf("acme", ["bill@>=1.0.0", "news@>=1.0.0"]));
  await reconcileAgent(key("bad"), { signal });
  await settle("acme");
  expect(wired("acme")).toEqual(["news 1.0.0 bad", "bill 1.0.0 good"]);
  const versions = conditionOf(cluster.agents.get(key("bad"))?.status?.conditions, "VersionsValid");
  expect(versions?.reason).toBe("InvalidVersion");
});

it("W3 MOST_SIMILAR is nearest to the lower bound, and among equals the current agent stays", async () => {
  const channel = channelOf("acme", ["bill@>=1.2.0"]);
  const [required] = channel.spec.requiredCapabilities;
  if (required === undefined) throw new TypeError("nothing required");
  const requiredCapabilities = [{ ...required, strategy: "MOST_SIMILAR" as const }];
  cluster.channels.put({ ...channel, spec: { requiredCapabilities } });
  cluster.agents.put(agentOf("b", ["bill@1.3.0"]));
  cluster.agents.put(agentOf("c", ["bill@1.0.0", "bill@2.0.0"]));
  await settle("acme");
  cluster.agents.put(agentOf("a", ["bill@1.3.0"]));
  await settle("acme");
  expect(wired("acme")).toEqual(["bill 1.3.0 b"]);
});

it("W4 an agent's edit concerns only the channels that need what it provides, and lists nothing", () => {
  for (let at = 0; at < 200; at++)
    cluster.channels.put(channelOf(`channel-${at}`, [`capability-${at}@^1.0.0`]));
  const named: string[] = [];
  for (const source of channelSources(cluster.stores)) source.start(({ name }) => void named.push(name));
  named.length = 0;
  cluster.agents.put(agentOf("one", ["capability-7@1.0.0"]));
  expect(named).toEqual(["channel-7"]);
});

it("W6 an agent that starts to serve late is registered in the end", async () => {
  cluster.deployments.put(deploymentOf("billing"));
  cluster.services.put(serviceOf("billing"));
  let outcome: CapabilitiesOutcome = { kind: "failed", reason: "Unreachable", message: "can't be reached" };
  const reconcile = discovery(() => outcome);
  for (let attempt = 0; attempt < 20; attempt++) {
    const requeue = await reconcile(key("billing"), { signal });
    await clock.advance(requeue.kind === "after" ? requeue.ms : 0);
  }
  outcome = announcing("1.0.0");
  await reconcile(key("billing"), { signal });
  expect(cluster.agents.get(key("billing"))?.spec.providedCapabilities).toHaveLength(1);
});

it("W7 an agent is not read in the middle of a rollout, is read again, and is not ready when its pods die", async () => {
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  const rolling = deploymentOf("billing", { status: { observedGeneration: 0, ...counts } });
  expect(isRolledOut(rolling)).toBe(false);
  cluster.deployments.put(deploymentOf("billing"));
  cluster.services.put(serviceOf("billing"));
  let outcome = announcing("1.0.0");
  const reconcile = discovery(() => outcome);
  await reconcile(key("billing"), { signal });
  outcome = announcing("1.1.0");
  await clock.advance(300_000);
  await reconcile(key("billing"), { signal });
  expect(cluster.agents.get(key("billing"))?.spec.providedCapabilities[0]?.version).toBe("1.1.0");
  const status = { observedGeneration: 1, ...counts, availableReplicas: 0 };
  cluster.deployments.put(deploymentOf("billing", { status }));
  await reconcileAgent(key("billing"), { signal });
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  await settle("acme");
  expect(channelCondition("acme", "Ready")).toMatchObject({ status: "False", reason: "ProviderNotReady" });
});

it("W8 Deployments get no finalizer, own their Agents, and a hand-made Agent is left alone", async () => {
  cluster.deployments.put(deploymentOf("billing"));
  cluster.services.put(serviceOf("billing"));
  const reconcile = discovery(() => announcing("1.0.0"));
  await reconcile(key("billing"), { signal });
  expect(cluster.writes).toEqual(["Agent billing"]);
  expect(cluster.agents.get(key("billing"))?.metadata.ownerReferences).toMatchObject([
    { kind: "Deployment" },
  ]);
  cluster.agents.put(agentOf("billing", ["mine@7.0.0"]));
  await reconcile(key("billing"), { signal });
  expect(cluster.agents.get(key("billing"))?.spec.providedCapabilities[0]?.name).toBe("mine");
});

it("W9 the host is that of the Service that was found, with its port", async () => {
  const owner = {
    kind: "Deployment",
    apiVersion: "apps/v1",
    name: "billing",
    uid: "billing-uid",
    controller: true,
  };
  const agent = agentOf("billing", ["bill@1.0.0"], { status: undefined });
  const service = serviceOf("front", { selector: { app: "billing" }, ports: [{ port: 9000 }] });
  cluster.services.put(service);
  cluster.deployments.put(deploymentOf("billing"));
  cluster.agents.put({ ...agent, metadata: { ...agent.metadata, ownerReferences: [owner] } });
  await reconcileAgent(key("billing"), { signal });
  expect(cluster.agents.get(key("billing"))?.status?.host).toBe("front.default.svc.cluster.local:9000");
});

it("W10 Agents and Channels have conditions for the generation they were decided for, and events", async () => {
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  await reconcileAgent(key("billing"), { signal });
  await settle("acme");
  expect(cluster.agents.get(key("billing"))?.status?.conditions?.map(({ type }) => type)).toEqual([
    "VersionsValid",
    "Ready",
  ]);
  for (const type of ["Resolved", "Activated", "Ready"]) {
    expect(channelCondition("acme", type)?.observedGeneration).toBe(1);
  }
  expect(cluster.events).toHaveLength(2);
});

it("W11 it is alive but not ready as long as its caches are empty", async () => {
  const empty = new FakeCluster();
  const vitals = {
    stores: empty.stores,
    silences: [() => 600_000],
    eventLoopLagMs: () => 0,
    isStopping: () => false,
  };
  const api = createManagementApi({
    registry: new Registry(),
    liveness: () => livenessOf(vitals),
    readiness: () => readinessOf(vitals),
  });
  const status = async (url: string): Promise<number> => (await api.inject({ url })).statusCode;
  expect([await status("/livez"), await status("/readyz")]).toEqual([200, 503]);
  empty.sync();
  expect(await status("/readyz")).toBe(200);
});

it("W11 of several replicas one writes", async () => {
  cluster.sync();
  const { kube } = new FakeLeaseClient();
  const stop = new AbortController();
  const working: string[] = [];
  const replicas = ["a", "b", "c"].map((identity) =>
    lead(
      {
        client: kube,
        election: { lease: { namespace: "lmos", name: "lmos-operator" }, identity },
        stores: cluster.stores,
        clock,
        random: new SeededRandom(identity.charCodeAt(0)),
        logger: silentLogger,
        metrics: createTelemetry().metrics,
        signal: stop.signal,
      },
      async (_client, leading) => {
        working.push(identity);
        await whenAborted(leading.signal);
      },
    ),
  );
  await clock.advance(60_000);
  expect(working).toHaveLength(1);
  stop.abort();
  await Promise.all(replicas);
});

it("W12 versions and ranges that make no sense are refused by name", async () => {
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  cluster.channels.put(channelOf("acme", ["bill@banana"]));
  await settle("acme");
  expect(channelCondition("acme", "Resolved")?.reason).toBe("InvalidRange");
  expect([isVersion("latest"), isVersion("1.0"), isRange(""), isRange(">2.0.0 <1.0.0")]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

it("W13 with authentication nobody reads another namespace than its own", async () => {
  cluster.sync();
  cluster.channels.put(channelOf("acme", []));
  const authenticate: Authenticate = async (token) => callerOf(`system:serviceaccount:${token}:runtime`);
  const api = createReadApi({ stores: cluster.stores, clock, signal, authenticate });
  const names = async (token: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, "x-namespace": "default" };
    return (await api.inject({ url: "/apis/v1/tenants/acme/channels", headers })).json();
  };
  expect(await names("default")).toHaveLength(1);
  expect(await names("other")).toEqual([]);
});

it("W14 an agent without a subset label is a stable one, and one for canaries is not", async () => {
  const canary = agentOf("canary", ["bill@2.0.0"]);
  const labels = { subset: "canary" };
  cluster.agents.put({ ...canary, metadata: { ...canary.metadata, labels } });
  cluster.agents.put(agentOf("unlabelled", ["bill@1.0.0"]));
  cluster.channels.put(channelOf("acme", ["bill@>=1.0.0"]));
  await settle("acme");
  expect(wired("acme")).toEqual(["bill 1.0.0 unlabelled"]);
});

it.each(["[1.0,2.0]", "(,2.0]", "[1.0,)", "^1.0.0", "1.+"])("W15 the range %s is read", async (range) => {
  cluster.agents.put(agentOf("billing", ["bill@1.5.0"]));
  cluster.channels.put(channelOf("acme", [`bill@${range}`]));
  await settle("acme");
  expect(wired("acme")).toEqual(["bill 1.5.0 billing"]);
});

it("W16 a routing follows the labels of its Channel", async () => {
  const channel = channelOf("acme", []);
  cluster.channels.put(channel);
  await settle("acme");
  const live = cluster.channels.get(key("acme")) ?? channel;
  const labels = { tenant: "acme", channel: "web", subset: "canary", version: "2.0.0" };
  cluster.channels.put(labelled(live, labels, "relabelled"));
  await reconcileChannel(key("acme"), { signal });
  expect(cluster.routings.get(key("acme"))?.metadata.labels).toEqual(labels);
});

it("W17 a Channel without a subset label is stable everywhere, and its status says so", async () => {
  cluster.channels.put(labelled(channelOf("acme", []), { tenant: "acme", channel: "web" }, "new"));
  await settle("acme");
  expect(channelCondition("acme", "Activated")?.message).toContain("no label subset");
  cluster.channels.replaceAll(cluster.channels.list());
  cluster.routings.replaceAll(cluster.routings.list());
  const api = createReadApi({ stores: cluster.stores, clock, signal });
  const reply = await api.inject({ url: "/apis/v1/tenants/acme/channels/web/routing" });
  expect(reply.json()).toMatchObject({ metadata: { labels: { subset: "stable" } } });
});

it.each([
  { range: ">=1.0.0, <2.0.0", outside: "0.9.0" },
  { range: ">=1.0.0, <2.0.0", outside: "2.0.0" },
  { range: "[1.0.0,2.0.0)", outside: "2.0.0" },
  { range: "[1.0.0,2.0.0)", outside: "0.9.0" },
])("W18 $range holds both bounds: $outside is outside", async ({ range, outside }) => {
  cluster.agents.put(agentOf("billing", [`bill@${outside}`]));
  cluster.channels.put(channelOf("acme", [`bill@${range}`]));
  await settle("acme");
  expect(channelCondition("acme", "Resolved")?.reason).toBe("VersionMismatch");
});

it("W19 late agents cost two writes a channel, a touched annotation and a restart none", async () => {
  const channels = Array.from({ length: 20 }, (_, at) => `channel-${at}`);
  const capabilities = Array.from({ length: 10 }, (_, at) => `capability-${at}`);
  const needs = capabilities.map((name) => `${name}@^1.0.0`);
  for (const name of channels) {
    cluster.channels.put(labelled(channelOf(name, needs), { tenant: name, channel: "web" }, "new"));
  }
  await settle(...channels);
  const unresolved = cluster.writes.length;
  for (const name of capabilities) {
    cluster.agents.put(agentOf(`agent-${name}`, [`${name}@1.0.0`]));
    for (const channel of channels) await reconcileChannel(key(channel), { signal });
    await clock.advance(10);
  }
  await settle(...channels);
  expect(cluster.writes.length - unresolved).toBe(2 * channels.length);
  const touched = cluster.agents.get(key("agent-capability-0")) ?? agentOf("none", []);
  const annotations = { touched: "yes" };
  cluster.agents.put({ ...touched, metadata: { ...touched.metadata, annotations, resourceVersion: "t" } });
  await settle(...channels);
  const restarted = createChannelReconciler({ stores: cluster.stores, writers: cluster.writers, clock });
  for (const channel of channels) await restarted(key(channel), { signal });
  expect(cluster.writes.length - unresolved).toBe(2 * channels.length);
});

it("W20 path parts and headers are label values, and never selectors", async () => {
  const api = createReadApi({ stores: cluster.stores, clock, signal });
  const status = async (url: string, headers = {}): Promise<number> =>
    (await api.inject({ url, headers })).statusCode;
  expect(await status("/apis/v1/tenants/acme,channel=web/channels")).toBe(400);
  expect(await status("/apis/v1/tenants/acme/channels", { "x-subset": "a,b=c" })).toBe(400);
  expect(await status("/apis/v1/tenants/acme/channels", { "x-namespace": "a/b" })).toBe(400);
});

it("has a test for every row but W5", () => {
  const text = readFileSync(new URL(import.meta.url), "utf8");
  const rows = Array.from({ length: 20 }, (_, at) => `W${at + 1}`).filter((row) => row !== "W5");
  expect(rows.filter((row) => !text.includes(`("${row} `))).toEqual([]);
});
