import type { Agent, CapabilityGrant, Channel, GrantsMode } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { routedWires } from "../routing/wires.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { grantObject } from "../testing/grants.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { forecastChannels } from "./forecast.ts";
import { createChannelReconciler } from "./reconciler.ts";

interface Scene {
  readonly agents?: readonly Agent[];
  readonly channels: readonly Channel[];
  readonly grants?: readonly CapabilityGrant[];
  readonly mode?: GrantsMode;
}

const nowMs = Date.UTC(2026, 0, 1);
const key = { namespace: "default", name: "acme-web" };
const wanting = (spec: object = {}): Channel => {
  const channel = channelOf("acme-web", ["view-bill@^1.0.0", "get-news@*"]);
  return { ...channel, spec: { ...channel.spec, ...spec } };
};
const billing = agentOf("billing", ["view-bill@1.0.0"]);
const news = agentOf("news", ["get-news@1.0.0"]);

describe("a forecast", () => {
  it.each([
    { name: "all is provided", scene: { agents: [billing, news], channels: [wanting()] }, says: "activate" },
    { name: "something is missing", scene: { agents: [billing], channels: [wanting()] }, says: "keep" },
    {
      name: "a part is enough",
      scene: { agents: [billing], channels: [wanting({ activationPolicy: "Partial" })] },
      says: "activate",
    },
    {
      name: "a part is not enough",
      scene: { agents: [billing], channels: [wanting({ activationPolicy: "Fail" })] },
      says: "remove",
    },
    {
      name: "it is held at a revision that there is not",
      scene: { agents: [billing, news], channels: [wanting({ pinnedRevision: 4 })] },
      says: "pin",
    },
    {
      name: "nothing is granted",
      scene: { agents: [billing, news], channels: [wanting()], mode: "enforce" },
      says: "keep",
    },
    {
      name: "all is granted",
      scene: {
        agents: [billing, news],
        channels: [wanting()],
        grants: [grantObject("one")],
        mode: "enforce",
      },
      says: "activate",
    },
    {
      name: "what is not granted is only reported",
      scene: { agents: [billing, news], channels: [wanting()], mode: "audit" },
      says: "activate",
    },
  ] as const satisfies readonly { name: string; scene: Scene; says: string }[])(
    "says what the controller then does: $name",
    async ({ scene, says }) => {
      const { agents, channels, grants = [], mode = "off" }: Scene = scene;
      const objects = { agents, channels, grants, tenants: [], workloads: [] };
      const [forecast] = forecastChannels(objects, { mode, nowMs });
      const cluster = await reconciled(scene);
      expect(forecast?.decision).toBe(says);
      expect(forecast?.wires).toEqual(routedWires(cluster.routings.get(key)));
    },
  );

  it("counts a channel without a time of creation as the youngest", () => {
    const old = channelOf("zzz", []);
    const channels = [
      channelOf("aaa", []),
      { ...old, metadata: { ...old.metadata, creationTimestamp: "2025-01-01T00:00:00Z" } },
    ];
    const objects = { agents: [], channels, grants: [], tenants: [], workloads: [] };
    const decisions = forecastChannels(objects, { mode: "off", nowMs }).map(({ decision }) => decision);
    expect(decisions).toEqual(["yield", "activate"]);
  });

  it("leaves out a channel that is being deleted", () => {
    const channel = wanting();
    const deletionTimestamp = "2026-01-01T00:00:00Z";
    const channels = [{ ...channel, metadata: { ...channel.metadata, deletionTimestamp } }];
    const objects = { agents: [], channels, grants: [], tenants: [], workloads: [] };
    expect(forecastChannels(objects, { mode: "off", nowMs })).toEqual([]);
  });
});

async function reconciled({ agents = [], channels, grants = [], mode = "off" }: Scene): Promise<FakeCluster> {
  const cluster = new FakeCluster();
  for (const agent of agents) cluster.agents.put(agent);
  for (const channel of channels) cluster.channels.put(channel);
  for (const grant of grants) cluster.grants.put(grant);
  const { stores, writers } = cluster;
  const reconcile = createChannelReconciler({ stores, writers, clock: new FakeClock(nowMs), grants: mode });
  await reconcile(key, { signal: new AbortController().signal });
  return cluster;
}
