import { formatTimestamp } from "@lmos/primitives";
import { type Agent, type Channel, channelRoutingKind, conditionOf } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createAgentReconciler } from "../agent/reconciler.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf, deploymentOf, serviceOf } from "../testing/objects.ts";
import { createChannelReconciler } from "./reconciler.ts";
import { channelSources } from "./sources.ts";

const { signal } = new AbortController();
const key = (name: string) => ({ namespace: "default", name });
let cluster: FakeCluster;
let clock: FakeClock;
let reconcile: ReturnType<typeof createChannelReconciler>;

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  reconcile = createChannelReconciler({ stores: cluster.stores, writers: cluster.writers, clock });
});

/** An Agent of the Deployment of that name, not yet looked at by the agent controller. */
function unreported(name: string): Agent {
  const agent = agentOf(name, ["bill@1.0.0"], { status: undefined });
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name, uid: `${name}-uid`, controller: true };
  return { ...agent, metadata: { ...agent.metadata, ownerReferences: [owner] } };
}

/** Reconciles until nothing is due within the time that changes may settle. */
async function settle(name: string): Promise<void> {
  for (let waited = 0; waited < 10_000; ) {
    const requeue = await reconcile(key(name), { signal });
    if (requeue.kind === "onChange" || requeue.ms > 10_000) return;
    await clock.advance(requeue.ms);
    waited += requeue.ms;
  }
}

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
    await settle("acme");
    await settle("acme");
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
    cluster.deployments.put(deploymentOf("billing"));
    cluster.agents.put(unreported("billing"));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await reconcile(key("acme"), { signal });
    expect(cluster.routings.list()).toEqual([]);
    cluster.services.put(serviceOf("billing"));
    await settle("acme");
    const [group] = cluster.routings.get(key("acme"))?.spec.capabilityGroups ?? [];
    expect(group?.capabilities[0]?.host).toBe("billing.default.svc.cluster.local");
  });

  it("does not wait for the agent controller, and writes nothing more when that has spoken", async () => {
    cluster.deployments.put(deploymentOf("billing"));
    cluster.services.put(serviceOf("billing"));
    cluster.agents.put(unreported("billing"));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle("acme");
    const written = ["ChannelRouting acme", "Channel/status acme"];
    expect(cluster.writes).toEqual(written);
    const { status } = cluster.channels.get(key("acme")) ?? {};
    expect(conditionOf(status?.conditions, "Ready")).toMatchObject({ status: "True", reason: "Active" });
    await createAgentReconciler({ stores: cluster.stores, writers: cluster.writers, clock })(key("billing"), {
      signal,
    });
    await settle("acme");
    expect(cluster.writes).toEqual([...written, "Agent/status billing"]);
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

describe("activation policy", () => {
  const broken = async (activationPolicy: Channel["spec"]["activationPolicy"]): Promise<void> => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.agents.put(agentOf("press", ["news@1.0.0"]));
    const channel = channelOf("acme", ["bill@^1.0.0", "news@^1.0.0"]);
    cluster.channels.put({ ...channel, spec: { ...channel.spec, activationPolicy } });
    await settle("acme");
    cluster.agents.remove(key("press"));
    await settle("acme");
  };
  const groups = () => cluster.routings.get(key("acme"))?.spec.capabilityGroups.map(({ name }) => name);
  const activated = () =>
    conditionOf(cluster.channels.get(key("acme"))?.status?.conditions, "Activated")?.reason;

  it("keeps the last good routing unless it says otherwise", async () => {
    await broken(undefined);
    expect([groups(), activated()]).toEqual([["billing", "press"], "KeptLastGood"]);
  });

  it("Partial activates what is provided, as the Kotlin operator does", async () => {
    await broken("Partial");
    expect([groups(), activated()]).toEqual([["billing"], "PartialRouting"]);
    expect(cluster.channels.get(key("acme"))?.status?.resolveStatus).toBe("UNRESOLVED");
  });

  it("Fail removes the routing, and writes it anew once all is provided", async () => {
    await broken("Fail");
    expect([groups(), activated()]).toEqual([undefined, "RoutingRemoved"]);
    cluster.agents.put(agentOf("press", ["news@1.0.0"]));
    await settle("acme");
    expect([groups(), activated()]).toEqual([["billing", "press"], "RoutingCurrent"]);
  });

  it("Fail leaves a routing alone that the Channel does not own", async () => {
    await broken("Fail");
    cluster.routings.put(channelRoutingKind.parse({ ...routingHead, spec: {} }));
    await settle("acme");
    expect(cluster.routings.get(key("acme"))).toBeDefined();
  });
});

describe("the term of the writer", () => {
  const withTerm = async (writerTerm: number): Promise<void> => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle("acme");
    const live = cluster.routings.get(key("acme"));
    if (live === undefined) throw new Error("there is no routing");
    const metadata = { ...live.metadata, resourceVersion: "900" };
    cluster.routings.put({ ...live, metadata, spec: { ...live.spec, writerTerm } });
    cluster.writes.length = 0;
  };

  it("is no reason to write: what a replaced leader wrote stays as it is", async () => {
    await withTerm(3);
    await settle("acme");
    expect(cluster.writes).toEqual([]);
  });

  it("goes with the next change as it was found, and the fence puts its own there", async () => {
    await withTerm(3);
    cluster.agents.put(agentOf("archive", ["bill@1.9.0"]));
    await settle("acme");
    expect(cluster.writes[0]).toBe("ChannelRouting acme");
    expect(cluster.routings.get(key("acme"))?.spec.writerTerm).toBe(3);
  });

  it("does not bother where nobody is elected", async () => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle("acme");
    expect(cluster.routings.get(key("acme"))?.spec).not.toHaveProperty("writerTerm");
  });
});

describe("revisions", () => {
  const wiredTo = () => cluster.routings.get(key("acme"))?.spec.capabilityGroups.map(({ name }) => name);
  const pin = (pinnedRevision: number | undefined): void => {
    const channel = cluster.channels.get(key("acme")) ?? channelOf("acme", []);
    const metadata = { ...channel.metadata, resourceVersion: `pinned-${pinnedRevision}` };
    cluster.channels.put({ ...channel, metadata, spec: { ...channel.spec, pinnedRevision } });
  };
  const twoRevisions = async (): Promise<void> => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle("acme");
    cluster.agents.put(agentOf("newer", ["bill@1.1.0"]));
    await settle("acme");
  };

  it("are numbered, the newest first, and the routing says which it is", async () => {
    await twoRevisions();
    const { status } = cluster.channels.get(key("acme")) ?? {};
    expect(status?.revisions?.map(({ revision, wires }) => [revision, wires[0]?.agent])).toEqual([
      [2, "newer"],
      [1, "billing"],
    ]);
    expect([status?.activeRevision, cluster.routings.get(key("acme"))?.spec.revision]).toEqual([2, 2]);
  });

  it("hold the routing when pinned, and let it go afterwards", async () => {
    await twoRevisions();
    pin(1);
    await settle("acme");
    expect(wiredTo()).toEqual(["billing"]);
    expect(cluster.routings.get(key("acme"))?.spec.capabilityGroups[0]?.capabilities[0]).toMatchObject({
      providedVersion: "1.0.0",
      host: "billing.default.svc.cluster.local",
    });
    cluster.agents.put(agentOf("newest", ["bill@1.2.0"]));
    await settle("acme");
    expect(wiredTo()).toEqual(["billing"]);
    pin(undefined);
    await settle("acme");
    expect(wiredTo()).toEqual(["newest"]);
  });

  it("that are not there leave the routing alone", async () => {
    await twoRevisions();
    pin(7);
    await settle("acme");
    expect(wiredTo()).toEqual(["newer"]);
    const conditions = cluster.channels.get(key("acme"))?.status?.conditions;
    expect(conditionOf(conditions, "Activated")?.message).toBe("there is no revision 7; known: 2, 1");
  });

  it("are five at most", async () => {
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    for (let minor = 0; minor < 8; minor++) {
      cluster.agents.put(agentOf("billing", [`bill@1.${minor}.0`]));
      await settle("acme");
    }
    const { status } = cluster.channels.get(key("acme")) ?? {};
    expect(status?.revisions?.map(({ revision }) => revision)).toEqual([8, 7, 6, 5, 4]);
  });

  it.each([
    { name: "deleted", edit: () => void cluster.routings.remove(key("acme")) },
    { name: "edited", edit: () => rewire("stranger") },
  ])("bring back a routing that was $name by hand while the channel is unresolved", async ({ edit }) => {
    await twoRevisions();
    cluster.agents.remove(key("newer"));
    cluster.agents.remove(key("billing"));
    await settle("acme");
    edit();
    await settle("acme");
    expect(wiredTo()).toEqual(["newer"]);
  });

  it("report an edit by hand that is put back", async () => {
    await twoRevisions();
    rewire("stranger");
    await settle("acme");
    expect(cluster.events.at(-1)).toBe(
      "RoutingRestored: The routing was edited by hand and is put back. Routed to newer",
    );
    expect(cluster.routings.get(key("acme"))?.status?.conditions).toMatchObject([
      { type: "Current", status: "True", reason: "Restored" },
    ]);
    const writes = cluster.writes.length;
    await settle("acme");
    expect(cluster.writes).toHaveLength(writes);
  });

  it.each([
    { name: "deleted", edit: () => void cluster.routings.remove(key("acme")), says: "RoutingUpdated" },
    { name: "led to an agent that fits as well", edit: () => rewire("also-fits"), says: "RoutingRestored" },
  ])("a routing that was $name by hand leads to the agent of before again", async ({ edit, says }) => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle("acme");
    // Both fit as well; the first would be taken by its name, the second by what the routing says.
    for (const name of ["a-first", "also-fits"]) cluster.agents.put(agentOf(name, ["bill@1.0.0"]));
    edit();
    await settle("acme");
    expect(wiredTo()).toEqual(["billing"]);
    expect(cluster.events.at(-1)).toMatch(says);
    expect(cluster.channels.get(key("acme"))?.status?.activeRevision).toBe(1);
  });

  it("say nothing on a routing that nobody touched", async () => {
    await twoRevisions();
    expect(cluster.routings.get(key("acme"))?.status).toBeUndefined();
  });

  function rewire(name: string): void {
    const routing = cluster.routings.get(key("acme"));
    if (routing === undefined) throw new TypeError("no routing");
    const [group] = routing.spec.capabilityGroups;
    const capabilityGroups = group === undefined ? [] : [{ ...group, name }];
    const metadata = { ...routing.metadata, resourceVersion: "edited" };
    cluster.routings.put({ ...routing, metadata, spec: { ...routing.spec, capabilityGroups } });
  }
});

describe("late agents", () => {
  it("cost a channel two writes when they come together", async () => {
    const names = Array.from({ length: 20 }, (_, at) => `part-${at}`);
    cluster.channels.put(
      channelOf(
        "acme",
        names.map((name) => `${name}@^1.0.0`),
      ),
    );
    await settle("acme");
    const before = cluster.writes.length;
    for (const name of names) {
      cluster.agents.put(agentOf(name, [`${name}@1.0.0`]));
      await reconcile(key("acme"), { signal });
      await clock.advance(100);
    }
    await settle("acme");
    expect(cluster.writes.slice(before)).toEqual(["ChannelRouting acme", "Channel/status acme"]);
  });

  it("show up in the status when no more come", async () => {
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0", "news@^1.0.0"]));
    await settle("acme");
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    expect(await reconcile(key("acme"), { signal })).toEqual({ kind: "after", ms: 2000 });
    await clock.advance(2000);
    await reconcile(key("acme"), { signal });
    expect(cluster.channels.get(key("acme"))?.status?.resolved).toBe("1/2");
  });
});

describe("an agent that is not ready", () => {
  const unready = (name: string, capability: string, since: string) => {
    const condition = {
      type: "Ready",
      status: "False" as const,
      reason: "Any",
      message: "",
      lastTransitionTime: since,
    };
    const host = `${name}.default.svc.cluster.local`;
    return agentOf(name, [capability], { status: { host, conditions: [condition] } });
  };

  it("keeps its wires for thirty seconds, and then loses them to one that is ready", async () => {
    cluster.agents.put(agentOf("best", ["bill@1.1.0"]));
    cluster.agents.put(agentOf("other", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle("acme");
    cluster.agents.put(unready("best", "bill@1.1.0", formatTimestamp(clock.now())));
    const wiredTo = () => cluster.routings.get(key("acme"))?.spec.capabilityGroups[0]?.name;
    await settle("acme");
    expect(await reconcile(key("acme"), { signal })).toMatchObject({ kind: "after" });
    expect(wiredTo()).toBe("best");
    await clock.advance(30_000);
    await settle("acme");
    expect(wiredTo()).toBe("other");
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

  it("name the channels that come to need an agent through another", () => {
    cluster.channels.put(channelOf("needs-bill", ["bill@^1.0.0"]));
    const billing = agentOf("billing", ["bill@1.0.0"]);
    const requiredCapabilities = channelOf("", ["ledger@^1.0.0"]).spec.requiredCapabilities;
    cluster.agents.put({ ...billing, spec: { ...billing.spec, requiredCapabilities } });
    const seen = collect();
    cluster.agents.put(agentOf("bookkeeping", ["ledger@1.0.0"]));
    expect(seen.take()).toEqual(["needs-bill"]);
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

const routingHead = {
  apiVersion: "lmos.eclipse/v1",
  kind: "ChannelRouting",
  metadata: { name: "acme", namespace: "default" },
};

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
