/**
 * Every reconcile function on stores that hold anything: objects that were half written, belong to nobody, are going, point at
 * each other or at nothing. None of them throws, each comes to rest, and what holds of every routing holds.
 */

import {
  type Agent,
  agentKind,
  type Channel,
  type ChannelRouting,
  channelKind,
  channelRoutingKind,
  conditionOf,
  type Deployment,
  deploymentKind,
  type Service,
  serviceKind,
} from "@lmos/resources";
import { FakeClock, SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAgentReconciler } from "./agent/reconciler.ts";
import { createChannelReconciler } from "./channel/reconciler.ts";
import type { CapabilitiesOutcome } from "./discovery/capabilities-reader.ts";
import { createReadings } from "./discovery/readings.ts";
import { createDiscoveryReconciler } from "./discovery/reconciler.ts";
import type { Reconcile } from "./reconcile.ts";
import { FakeCluster } from "./testing/fake-cluster.ts";

const { signal } = new AbortController();
const namespace = "default";
const names = ["a", "b", "c"] as const;
const name = fc.constantFrom(...names);
const capabilityName = fc.constantFrom("bill", "news", "b\u0456ll", "");
const version = fc.constantFrom("1.0.0", "1.1.0", "2.0.0-rc.1", "1.0", "v1", "latest", "9".repeat(256), "");
const range = fc.constantFrom("^1.0.0", "*", "[1.0,2.0[", "banana", "", ">=9", "^1 || ".repeat(40));
const labels = fc.dictionary(
  fc.constantFrom("tenant", "channel", "subset", "version", "app", "lmos-agent"),
  fc.constantFrom("a", "web", "stable", "true", ""),
);
const time = fc.constantFrom("1970-01-01T00:00:00Z", "2026-11-30T00:00:00Z", "never");
const condition = fc.record({
  type: fc.constantFrom("Ready", "Flapping", "Resolved", "Activated", "Discovered", "Granted"),
  status: fc.constantFrom("True", "False", "Unknown"),
  reason: fc.constantFrom("Because", "Flapping"),
  message: fc.constant(""),
  lastTransitionTime: time,
});
const owner = fc.record({
  apiVersion: fc.constant("apps/v1"),
  kind: fc.constantFrom("Deployment", "Channel", "StatefulSet"),
  name,
  uid: fc.constantFrom("uid-a", "uid-b", "uid-x"),
  controller: fc.boolean(),
});
const metadata = fc.record(
  {
    name,
    namespace: fc.constant(namespace),
    uid: fc.constantFrom("uid-a", "uid-b", "uid-c"),
    generation: fc.nat({ max: 3 }),
    creationTimestamp: time,
    deletionTimestamp: time,
    labels,
    annotations: fc.dictionary(
      fc.constantFrom("lmos.dev/local-endpoints"),
      fc.constantFrom("[]", "{", "127.0.0.1:8080=1"),
    ),
    ownerReferences: fc.array(owner, { maxLength: 2 }),
  },
  { requiredKeys: ["name", "namespace"] },
);
const requirement = fc.record(
  {
    name: capabilityName,
    version: range,
    strategy: fc.constantFrom("HIGHEST", "LOWEST", "STICKY", "MOST_SIMILAR"),
    resolution: fc.constantFrom("mandatory", "optional"),
    cardinality: fc.constantFrom("single", "multiple"),
    filter: fc.constantFrom('attributes.region == "eu"', "attributes.", "true"),
  },
  { requiredKeys: ["name", "version"] },
);
const capability = fc.record(
  {
    name: capabilityName,
    version,
    uses: fc.array(capabilityName, { maxLength: 2 }),
    attributes: fc.dictionary(fc.constant("region"), fc.constantFrom("eu", "us")),
  },
  { requiredKeys: ["name", "version"] },
);
const host = fc.constantFrom(
  "a.default.svc.cluster.local",
  "evil.example",
  "",
  "b.other.svc.cluster.local:80",
);
const agent = fc
  .record(
    {
      metadata,
      spec: fc.record({
        supportedChannels: fc.subarray(["web", "a"]),
        supportedTenants: fc.subarray(["a", "b"]),
        providedCapabilities: fc.array(capability, { maxLength: 4 }),
        requiredCapabilities: fc.array(requirement, { maxLength: 2 }),
      }),
      status: fc.record({ host, conditions: fc.array(condition, { maxLength: 3 }) }),
    },
    { requiredKeys: ["metadata", "spec"] },
  )
  .map((object): Agent => agentKind.parse({ apiVersion: "lmos.eclipse/v1", kind: "Agent", ...object }));
const wire = fc.record({
  agent: name,
  id: fc.constant(""),
  name: capabilityName,
  requiredVersion: range,
  providedVersion: version,
  host,
});
const channel = fc
  .record(
    {
      metadata,
      spec: fc.record(
        {
          requiredCapabilities: fc.array(requirement, { maxLength: 4 }),
          activationPolicy: fc.constantFrom("KeepLastGood", "Partial", "Fail"),
          pinnedRevision: fc.nat({ max: 3 }),
        },
        { requiredKeys: ["requiredCapabilities"] },
      ),
      status: fc.record(
        {
          conditions: fc.array(condition, { maxLength: 3 }),
          activeRevision: fc.nat({ max: 3 }),
          revisions: fc.array(
            fc.record({
              revision: fc.nat({ max: 3 }),
              activatedAt: time,
              wires: fc.array(wire, { maxLength: 2 }),
            }),
            { maxLength: 3 },
          ),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["metadata", "spec"] },
  )
  .map((object): Channel => channelKind.parse({ apiVersion: "lmos.eclipse/v1", kind: "Channel", ...object }));
const routing = fc
  .record({
    metadata,
    spec: fc.record(
      {
        revision: fc.nat({ max: 4 }),
        capabilityGroups: fc.array(
          fc.record({
            name,
            capabilities: fc.array(
              fc.record({ name: capabilityName, requiredVersion: range, providedVersion: version, host }),
              { maxLength: 2 },
            ),
          }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: ["capabilityGroups"] },
    ),
  })
  .map(
    (object): ChannelRouting =>
      channelRoutingKind.parse({ apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", ...object }),
  );
const service = fc
  .record({
    metadata,
    spec: fc.record(
      {
        selector: fc.dictionary(fc.constantFrom("app"), fc.constantFrom("a", "b")),
        ports: fc.array(fc.record({ port: fc.constantFrom(80, 8080) }), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map((object): Service => serviceKind.parse({ apiVersion: "v1", kind: "Service", ...object }));
const deployment = fc
  .record(
    {
      metadata,
      spec: fc.record({
        replicas: fc.nat({ max: 2 }),
        selector: fc.constant({ matchLabels: { app: "a" } }),
        template: fc.record({
          metadata: fc.record({ labels: fc.dictionary(fc.constant("app"), fc.constantFrom("a", "b")) }),
        }),
      }),
      status: fc.record({
        observedGeneration: fc.nat({ max: 3 }),
        replicas: fc.nat({ max: 2 }),
        updatedReplicas: fc.nat({ max: 2 }),
        availableReplicas: fc.nat({ max: 2 }),
      }),
    },
    { requiredKeys: ["metadata", "spec"] },
  )
  .map(
    (object): Deployment => deploymentKind.parse({ apiVersion: "apps/v1", kind: "Deployment", ...object }),
  );

const world = fc.record({
  agents: fc.array(agent, { maxLength: 4 }),
  channels: fc.array(channel, { maxLength: 3 }),
  routings: fc.array(routing, { maxLength: 3 }),
  services: fc.array(service, { maxLength: 3 }),
  deployments: fc.array(deployment, { maxLength: 3 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function clusterOf({ agents, channels, routings, services, deployments }: World): FakeCluster {
  const cluster = new FakeCluster();
  cluster.agents.replaceAll(agents);
  cluster.channels.replaceAll(channels);
  cluster.routings.replaceAll(routings);
  cluster.services.replaceAll(services);
  cluster.deployments.replaceAll(deployments);
  return cluster;
}

const read: CapabilitiesOutcome = {
  kind: "read",
  document: { id: "", description: "", supportedTenants: [], supportedChannels: ["web"], capabilities: [] },
};

function reconcilersOf(cluster: FakeCluster, clock: FakeClock): Readonly<Record<string, Reconcile>> {
  const common = { stores: cluster.stores, writers: cluster.writers, clock };
  const reader = { read: async () => read };
  const readings = createReadings({ reader, clock, random: new SeededRandom(1) });
  return {
    discovery: createDiscoveryReconciler({ ...common, readings, local: true }),
    agent: createAgentReconciler(common),
    channel: createChannelReconciler(common),
  };
}

const noNumber = 60 * 60_000;

/** Reconciles every key with every function until nothing is due within the hour; how many writes the last round made. */
async function settle(cluster: FakeCluster, clock: FakeClock): Promise<number> {
  const reconcilers = Object.values(reconcilersOf(cluster, clock));
  let writes = 0;
  for (let round = 0; round < 6; round += 1) {
    const before = cluster.writes.length;
    for (const reconcile of reconcilers) {
      for (const key of names) {
        const requeue = await reconcile({ namespace, name: key }, { signal });
        if (requeue.kind === "after") expect(requeue.ms).toBeGreaterThanOrEqual(0);
      }
    }
    writes = cluster.writes.length - before;
    await clock.advance(noNumber);
  }
  return writes;
}

describe("whatever the stores hold", () => {
  it("no reconcile function throws, and all come to rest", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        expect(await settle(clusterOf(given), new FakeClock())).toBe(0);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("what is going is left alone", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const cluster = clusterOf(given);
        await settle(cluster, new FakeClock());
        const going = cluster.channels
          .list()
          .filter(({ metadata: { deletionTimestamp } }) => deletionTimestamp !== undefined);
        for (const {
          metadata: { name: gone },
        } of going) {
          expect(
            cluster.writes.filter((write) => write.endsWith(` ${gone}`) && /Channel/.test(write)),
          ).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it("a channel that says Activated with RoutingCurrent has a routing that holds each mandatory requirement", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const cluster = clusterOf(given);
        await settle(cluster, new FakeClock());
        for (const one of cluster.channels.list()) {
          const said = conditionOf(one.status?.conditions, "Activated");
          if (one.metadata.deletionTimestamp !== undefined || said?.reason !== "RoutingCurrent") continue;
          const held = cluster.routings.get({ namespace, name: one.metadata.name });
          const wired = held?.spec.capabilityGroups.flatMap((group) =>
            group.capabilities.map((wire) => `${wire.name}@${wire.requiredVersion}`),
          );
          const mandatory = one.spec.requiredCapabilities.filter(
            ({ resolution }) => resolution !== "optional",
          );
          for (const { name: wanted, version: asked } of mandatory)
            expect(wired).toContain(`${wanted}@${asked}`);
        }
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it("every address in a routing that was written is a Service of the same namespace", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const cluster = clusterOf({
          ...given,
          routings: [],
          channels: given.channels.map((one) => ({ ...one, status: undefined })),
        });
        await settle(cluster, new FakeClock());
        const hosts = cluster.routings
          .list()
          .flatMap(({ spec }) =>
            spec.capabilityGroups.flatMap((group) => group.capabilities.map((wire) => wire.host)),
          );
        for (const one of hosts) expect(one).toMatch(/^[a-z]+\.default\.svc\.cluster\.local(:\d+)?$/);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
