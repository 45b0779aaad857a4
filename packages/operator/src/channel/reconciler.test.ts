import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { createChannelReconciler } from "./reconciler.ts";
import { channelSources } from "./sources.ts";

const { signal } = new AbortController();
const key = (name: string) => ({ namespace: "default", name });
let cluster: FakeCluster;
let reconcile: ReturnType<typeof createChannelReconciler>;

beforeEach(() => {
  cluster = new FakeCluster();
  reconcile = createChannelReconciler({
    stores: cluster.stores,
    writers: cluster.writers,
    clock: new FakeClock(),
  });
});

describe("reconcile", () => {
  it("writes the routing first and the status after it, and nothing the second time", async () => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await reconcile(key("acme"), { signal });
    expect(cluster.writes).toEqual(["ChannelRouting acme", "Channel/status acme"]);
    await reconcile(key("acme"), { signal });
    expect(cluster.writes).toHaveLength(2);
  });

  it("records an event for each transition and none while nothing changes", async () => {
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await reconcile(key("acme"), { signal });
    await reconcile(key("acme"), { signal });
    expect(cluster.events).toEqual(["Unresolved: bill@^1.0.0: no agent provides bill"]);
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    await reconcile(key("acme"), { signal });
    await reconcile(key("acme"), { signal });
    expect(cluster.events.slice(1)).toEqual([
      "RoutingUpdated: Routed to billing",
      "Resolved: 1/1 required capabilities are provided",
    ]);
  });

  it("claims nothing in the status when the routing can't be written", async () => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    cluster.broken = "ChannelRouting";
    await expect(reconcile(key("acme"), { signal })).rejects.toMatchObject({ code: "Unavailable" });
    expect(cluster.writes).toEqual([]);
    cluster.broken = undefined;
    await reconcile(key("acme"), { signal });
    expect(cluster.writes).toEqual(["ChannelRouting acme", "Channel/status acme"]);
  });

  it("leaves the routing alone when an agent goes, and writes the status once", async () => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await reconcile(key("acme"), { signal });
    cluster.agents.remove(key("billing"));
    await reconcile(key("acme"), { signal });
    expect(cluster.writes.slice(2)).toEqual(["Channel/status acme"]);
    expect(cluster.routings.get(key("acme"))?.spec.capabilityGroups).toHaveLength(1);
  });

  it("does not wire an agent before it is known where that answers", async () => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"], { status: undefined }));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await reconcile(key("acme"), { signal });
    expect(cluster.routings.list()).toEqual([]);
  });

  it("has nothing to do for a channel that is gone or going", async () => {
    await reconcile(key("acme"), { signal });
    const channel = channelOf("acme", []);
    const metadata = { ...channel.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    cluster.channels.put({ ...channel, metadata });
    await reconcile(key("acme"), { signal });
    expect(cluster.writes).toEqual([]);
  });
});

describe("sources", () => {
  it("name only the channels that an agent can concern, before and after its change", async () => {
    cluster.channels.put(channelOf("needs-bill", ["bill@^1.0.0"]));
    cluster.channels.put(channelOf("needs-news", ["news@^1.0.0"]));
    cluster.channels.put(channelOf("needs-weather", ["weather@^1.0.0"]));
    const seen = collect();
    cluster.agents.put(agentOf("one", ["bill@1.0.0"]));
    expect(seen.take()).toEqual(["needs-bill"]);
    cluster.agents.put(agentOf("one", ["news@1.0.0"]));
    expect(seen.take()).toEqual(["needs-bill", "needs-news"]);
    cluster.agents.remove(key("one"));
    expect(seen.take()).toEqual(["needs-news"]);
  });

  it("name the channels whose routing wires the agent, even if they no longer ask for it", async () => {
    cluster.agents.put(agentOf("one", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await reconcile(key("acme"), { signal });
    cluster.channels.put(channelOf("acme", ["news@^1.0.0"]));
    const seen = collect();
    cluster.agents.put(agentOf("one", ["other@1.0.0"]));
    expect(seen.take()).toEqual(["acme"]);
  });

  it("name the channels of the same identity, which may now be the oldest", () => {
    cluster.channels.put(channelOf("a", []));
    cluster.channels.put(channelOf("b", []));
    const seen = collect();
    cluster.channels.remove(key("a"));
    expect(seen.take()).toEqual(["a", "b"]);
  });
});

function collect(): { take(): readonly string[] } {
  const names = new Set<string>();
  for (const source of channelSources(cluster.stores)) source.start(({ name }) => void names.add(name));
  names.clear();
  return {
    take: () => {
      const taken = [...names].sort();
      names.clear();
      return taken;
    },
  };
}
