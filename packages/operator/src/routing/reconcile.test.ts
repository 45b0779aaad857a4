import { KubeError } from "@lmos/kube";
import { type ChannelRouting, channelRoutingKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { channelOf } from "../testing/objects.ts";
import type { DesiredRouting } from "./desired.ts";
import { reconcileRouting } from "./reconcile.ts";

const channel = channelOf("acme-web", ["view-bill@^1.0.0"]);
const { signal } = new AbortController();
const desired: DesiredRouting = {
  kind: "holding",
  revision: 1,
  groups: [
    {
      id: "billing",
      name: "billing",
      description: "",
      capabilities: [
        {
          id: "1",
          name: "view-bill",
          requiredVersion: "^1.0.0",
          providedVersion: "1.0.0",
          host: "billing.default.svc.cluster.local",
          description: "",
        },
      ],
    },
  ],
};

async function reconcile(cluster: FakeCluster, to: DesiredRouting): Promise<void> {
  const routing = cluster.routings.get({ namespace: "default", name: "acme-web" });
  await reconcileRouting(to, { channel, routing, nowMs: 0 }, { writers: cluster.writers, signal });
}

describe("the reconcile of a routing", () => {
  it("writes it once, and nothing when it is like that", async () => {
    const cluster = new FakeCluster();
    await reconcile(cluster, desired);
    await reconcile(cluster, desired);
    expect(cluster.writes).toEqual(["ChannelRouting acme-web"]);
    expect(cluster.events).toEqual(["RoutingUpdated: Routed to billing"]);
  });

  it("puts back what somebody wrote into it, and reports it once", async () => {
    const cluster = new FakeCluster();
    await reconcile(cluster, desired);
    const live = cluster.routings.list()[0];
    if (live === undefined) throw new TypeError("there is no routing");
    const edited: ChannelRouting = { ...live, spec: { ...live.spec, capabilityGroups: [] } };
    await cluster.writers.client.apply(channelRoutingKind, edited, { fieldManager: "kubectl", signal });
    cluster.writes.length = 1;
    await reconcile(cluster, desired);
    await reconcile(cluster, desired);
    expect(cluster.writes.slice(1)).toEqual(["ChannelRouting acme-web", "ChannelRouting/status acme-web"]);
    expect(cluster.events.slice(1)).toEqual([
      "RoutingRestored: The routing was edited by hand and is put back. Routed to billing",
    ]);
  });

  it("deletes it and says why", async () => {
    const cluster = new FakeCluster();
    await reconcile(cluster, desired);
    await reconcile(cluster, { kind: "absent", because: "policy" });
    await reconcile(cluster, { kind: "absent", because: "policy" });
    expect(cluster.writes.slice(1)).toEqual(["delete ChannelRouting acme-web"]);
    expect(cluster.routings.list()).toEqual([]);
  });

  it("throws where it can't be written, so that the Channel's status is not written either", async () => {
    const cluster = new FakeCluster();
    cluster.broken = "ChannelRouting";
    await expect(reconcile(cluster, desired)).rejects.toThrow(KubeError);
  });
});
