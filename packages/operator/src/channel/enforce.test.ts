/** What becomes of routings where grants count, and where they are only looked at. */

import { type Agent, type Channel, conditionOf, type GrantsMode } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { grantObject, tenantObject } from "../testing/grants.ts";
import { agentOf, channelOf, deploymentOf, ownerOfDeployment } from "../testing/objects.ts";
import { createChannelReconciler } from "./reconciler.ts";

const { signal } = new AbortController();
const key = (name: string) => ({ namespace: "default", name });

let cluster: FakeCluster;
let clock: FakeClock;
let reconcile: ReturnType<typeof createChannelReconciler>;

beforeEach(() => {
  cluster = new FakeCluster();
  clock = new FakeClock();
  start("enforce");
});

function start(grants: GrantsMode): void {
  reconcile = createChannelReconciler({ stores: cluster.stores, writers: cluster.writers, clock, grants });
}

async function settle(name = "acme"): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    const requeue = await reconcile(key(name), { signal });
    if (requeue.kind === "onChange") return;
    await clock.advance(Math.min(requeue.ms, 1000));
  }
}

const wired = (name = "acme"): readonly string[] | undefined =>
  cluster.routings
    .get(key(name))
    ?.spec.capabilityGroups.flatMap((group) =>
      group.capabilities.map((one) => `${one.name} of ${group.name}`),
    );
const condition = (type: string, name = "acme"): string => {
  const found = conditionOf(cluster.channels.get(key(name))?.status?.conditions, type);
  return found === undefined ? "" : `${found.status} ${found.reason}`;
};
const messageOf = (type: string): string | undefined =>
  conditionOf(cluster.channels.get(key("acme"))?.status?.conditions, type)?.message;

function edit(change: (channel: Channel) => Partial<Channel>): void {
  const channel = cluster.channels.get(key("acme"));
  if (channel === undefined) throw new TypeError("no Channel acme");
  const edited = { ...channel, ...change(channel) };
  const resourceVersion = `edited-${cluster.writes.length}`;
  cluster.channels.put({ ...edited, metadata: { ...edited.metadata, resourceVersion } });
}

const relabel = (labels: Record<string, string>): void =>
  edit(({ metadata }) => ({ metadata: { ...metadata, labels: { ...metadata.labels, ...labels } } }));

describe("enforce", () => {
  it("wires nothing that nobody granted, and says what is lacking", async () => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle();
    expect(wired()).toBeUndefined();
    expect(condition("Resolved")).toBe("False NotGranted");
    expect(condition("Granted")).toBe("False NotGranted");
    expect(messageOf("Granted")).toBe("billing is not granted to provide bill 1.0.0 to the tenant acme");
  });

  it("wires what is granted", async () => {
    cluster.grants.put(grantObject("all"));
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
    expect(condition("Granted")).toBe("True AllGranted");
    expect(cluster.channels.get(key("acme"))?.status?.grants).toBe("enforce");
  });

  it("S2 leaves the routing as it is, to the byte, whatever a stranger claims", async () => {
    cluster.grants.put(grantObject("billing", { providers: [{ namespace: "default", agent: "billing" }] }));
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@>=1.0.0"]));
    await settle();
    const before = JSON.stringify(cluster.routings.get(key("acme")));
    const spec = (supportedTenants: string[]): Partial<Agent> => {
      const agent = agentOf("any", ["bill@999.0.0"]);
      return { spec: { ...agent.spec, supportedTenants } };
    };
    cluster.agents.put(agentOf("squatter", ["bill@999.0.0"]));
    cluster.agents.put(agentOf("wildcard", ["bill@1.0.1"], spec(["*"])));
    cluster.agents.put(agentOf("named", ["bill@1.0.1"], spec(["acme"])));
    cluster.agents.put(agentOf("lookalike", ["b\u0456ll@1.0.1", "bill@1.0.2"]));
    cluster.agents.put(agentOf("b\u0456lling", ["bill@1.0.2"]));
    await settle();
    expect(JSON.stringify(cluster.routings.get(key("acme")))).toBe(before);
  });

  it("takes a wire out at once when its grant is revoked, and leaves the others", async () => {
    cluster.grants.put(grantObject("bills", { capabilities: ["bill"] }));
    cluster.grants.put(grantObject("news", { capabilities: ["news"] }));
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.agents.put(agentOf("press", ["news@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0", "news@^1.0.0"]));
    await settle();
    cluster.grants.remove({ name: "bills" });
    expect(await reconcile(key("acme"), { signal })).toEqual({ kind: "onChange" });
    expect(wired()).toEqual(["news of press"]);
    expect(condition("Activated")).toBe("False GrantMissing");
    expect(messageOf("Activated")).toBe(
      "the ChannelRouting lacks what is not granted: bill 1.0.0 of billing",
    );
    await settle();
    expect(wired()).toEqual(["news of press"]);
    cluster.grants.put(grantObject("bills", { capabilities: ["bill"] }));
    await settle();
    expect(wired()).toEqual(["bill of billing", "news of press"]);
    expect(condition("Granted")).toBe("True AllGranted");
  });

  it("removes a routing of which nothing is granted any more", async () => {
    cluster.grants.put(grantObject("all"));
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle();
    cluster.grants.remove({ name: "all" });
    await settle();
    expect(wired()).toBeUndefined();
    const writes = cluster.writes.length;
    await settle();
    expect(cluster.writes).toHaveLength(writes);
  });

  it("takes out what is wired to an agent that is gone, too", async () => {
    cluster.grants.put(grantObject("all"));
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle();
    cluster.agents.remove(key("billing"));
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
    cluster.grants.remove({ name: "all" });
    await settle();
    expect(wired()).toBeUndefined();
  });

  it("takes out what somebody wrote into the routing by hand", async () => {
    cluster.grants.put(grantObject("all", { capabilities: ["bill"] }));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    const handMade = channelOf("acme", []);
    const capabilities = [
      { id: "", name: "news", requiredVersion: "*", providedVersion: "1.0.0", host: "h", description: "" },
    ];
    cluster.routings.put({
      apiVersion: "lmos.eclipse/v1",
      kind: "ChannelRouting",
      metadata: { name: "acme", namespace: "default", labels: handMade.metadata.labels },
      spec: { capabilityGroups: [{ id: "", name: "evil", description: "", capabilities }] },
    });
    await settle();
    expect(wired() ?? []).toEqual([]);
  });

  it("does not go back to a revision that is not granted, and holds a pinned one without it", async () => {
    cluster.grants.put(grantObject("all"));
    cluster.agents.put(agentOf("billing", ["bill@1.0.0", "news@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0", "news@^1.0.0"]));
    await settle();
    edit(({ spec }) => ({ spec: { ...spec, pinnedRevision: 1 } }));
    await settle();
    expect(condition("Activated")).toBe("True Pinned");
    cluster.grants.put(grantObject("all", { capabilities: ["news"] }));
    await settle();
    expect(wired()).toEqual(["news of billing"]);
    const writes = cluster.writes.length;
    await settle();
    expect(cluster.writes).toHaveLength(writes);
    cluster.grants.put(grantObject("all"));
    await settle();
    expect(wired()).toEqual(["bill of billing", "news of billing"]);
  });

  it("knows agents by the service account of their workload", async () => {
    const deployment = deploymentOf("billing");
    const template = { ...deployment.spec.template, spec: { containers: [], serviceAccountName: "bills" } };
    cluster.deployments.put({ ...deployment, spec: { ...deployment.spec, template } });
    const providers = [{ namespace: "default", serviceAccount: "bills" }];
    cluster.grants.put(grantObject("bills", { providers }));
    const agent = agentOf("billing", ["bill@1.0.0"]);
    const owner = ownerOfDeployment("billing");
    cluster.agents.put({ ...agent, metadata: { ...agent.metadata, ownerReferences: [owner] } });
    cluster.agents.put(agentOf("hand-made", ["bill@1.1.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
  });

  it("asks a grant of agents behind the channel, too", async () => {
    cluster.grants.put(grantObject("bills", { capabilities: ["bill"] }));
    const billing = agentOf("billing", ["bill@1.0.0"]);
    const requiredCapabilities = [
      { id: "", name: "ledger", version: "^1.0.0", strategy: "HIGHEST" as const },
    ];
    cluster.agents.put({ ...billing, spec: { ...billing.spec, requiredCapabilities } });
    cluster.agents.put(agentOf("ledgers", ["ledger@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle();
    expect(condition("Resolved")).toBe("False ProviderUnresolved");
    cluster.grants.put(grantObject("ledgers", { capabilities: ["ledger"] }));
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
  });
});

describe("S1 a Channel that says it is of a tenant", () => {
  beforeEach(async () => {
    cluster.grants.put(grantObject("all", { tenants: ["*"] }));
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    cluster.tenants.put(tenantObject("acme"));
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
  });

  it.each([
    {
      name: "has no Tenant any more",
      change: () => cluster.tenants.put(tenantObject("acme", { id: "other" })),
    },
    {
      name: "lies in no namespace of it",
      change: () => cluster.tenants.put(tenantObject("acme", { namespaces: ["acme-*"] })),
    },
    {
      name: "is none of its channels",
      change: () => cluster.tenants.put(tenantObject("acme", { channels: ["ivr"] })),
    },
  ])("loses its routing when it $name", async ({ change }) => {
    change();
    await settle();
    expect(wired()).toBeUndefined();
    expect([condition("Resolved"), condition("Activated"), condition("Granted"), condition("Ready")]).toEqual(
      Array.from({ length: 4 }, () => "False TenantNotTrusted"),
    );
    cluster.tenants.put(tenantObject("acme"));
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
  });

  it("loses the routing of the tenant before when it changes its label and is not resolved", async () => {
    cluster.tenants.put(tenantObject("globex"));
    cluster.grants.put(grantObject("all", { tenants: ["acme"] }));
    relabel({ tenant: "globex" });
    await settle();
    expect(wired()).toBeUndefined();
  });

  it("loses the routing of the channel before, which its tenant may have no more, when it is held at a revision", async () => {
    edit(({ metadata, spec }) => ({
      metadata: { ...metadata, labels: { ...metadata.labels, channel: "ivr" } },
      spec: { ...spec, pinnedRevision: 99 },
    }));
    cluster.tenants.put(tenantObject("acme", { channels: ["ivr"] }));
    await settle();
    expect(wired()).toBeUndefined();
  });

  it("loses its routing with the label", async () => {
    edit(({ metadata }) => ({ metadata: { ...metadata, labels: { channel: "web", subset: "stable" } } }));
    await settle();
    expect(wired()).toBeUndefined();
    expect(condition("Resolved")).toBe("False MissingLabels");
  });

  it("is beyond the quota while there are older ones", async () => {
    cluster.tenants.put(tenantObject("acme", { quota: { channels: 1 } }));
    const older = channelOf("older", []);
    const metadata = { ...older.metadata, creationTimestamp: "2026-01-01T00:00:00Z" };
    edit((channel) => ({ metadata: { ...channel.metadata, creationTimestamp: "2026-01-02T00:00:00Z" } }));
    cluster.channels.put({ ...older, metadata: { ...metadata, labels: { tenant: "acme", channel: "ivr" } } });
    await settle();
    expect(wired()).toBeUndefined();
    expect(messageOf("Resolved")).toBe("it is beyond the quota of 1 channels of the tenant acme");
    cluster.channels.remove(key("older"));
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
  });

  it("is not wired to agents beyond the quota", async () => {
    cluster.tenants.put(tenantObject("acme", { quota: { agents: 0 } }));
    await settle();
    expect(wired()).toBeUndefined();
    expect(condition("Resolved")).toBe("False AgentQuotaExceeded");
  });

  it("is refused although it requires nothing", async () => {
    edit(() => ({ spec: { requiredCapabilities: [] } }));
    cluster.tenants.put(tenantObject("acme", { namespaces: [] }));
    await settle();
    expect(wired()).toBeUndefined();
    expect(condition("Resolved")).toBe("False TenantNotTrusted");
  });
});

describe("audit", () => {
  beforeEach(() => start("audit"));

  it("wires what is not granted, and says so in a condition and one event", async () => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    await settle();
    await settle();
    expect(wired()).toEqual(["bill of billing"]);
    expect([condition("Resolved"), condition("Granted")]).toEqual(["True AllProvided", "False NotGranted"]);
    expect(cluster.events.filter((event) => event.startsWith("NotGranted"))).toEqual([
      "NotGranted: wired although it is not granted: bill 1.0.0 of billing",
    ]);
    cluster.grants.put(grantObject("all"));
    await settle();
    expect(condition("Granted")).toBe("True AllGranted");
  });

  it("wires a Channel whose tenant is not trusted, and says so", async () => {
    cluster.tenants.put(tenantObject("globex"));
    cluster.channels.put(channelOf("acme", []));
    await settle();
    expect(wired()).toEqual([]);
    expect([condition("Resolved"), condition("Granted")]).toEqual([
      "True AllProvided",
      "False TenantNotTrusted",
    ]);
  });
});

it("off says nothing of grants", async () => {
  start("off");
  cluster.tenants.put(tenantObject("globex"));
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  await settle();
  expect(wired()).toEqual(["bill of billing"]);
  expect(condition("Granted")).toBe("");
  expect(cluster.channels.get(key("acme"))?.status?.grants).toBeUndefined();
});

describe("a capability that passes to another agent", () => {
  it.each([
    { name: "far ahead, although the former still fits", version: "999.0.0", event: "SuspiciousVersion" },
    { name: "one major version ahead", version: "2.0.0", event: "ProviderTakenOver" },
    { name: "one patch ahead", version: "1.0.1", event: "ProviderTakenOver" },
  ])("$name: $event", async ({ version, event }) => {
    start("off");
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@>=1.0.0"]));
    await settle();
    cluster.agents.put(agentOf("newcomer", [`bill@${version}`]));
    await settle();
    expect(cluster.events.filter((text) => text.includes("passes from"))).toEqual([
      expect.stringMatching(new RegExp(`^${event}: bill passes from billing 1.0.0 to newcomer ${version}`)),
    ]);
  });

  it("because the former no longer fits, is gone or is not ready is no news", async () => {
    start("off");
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(channelOf("acme", ["bill@>=1.0.0"]));
    await settle();
    cluster.agents.put(agentOf("newcomer", ["bill@999.0.0"]));
    cluster.agents.put(agentOf("billing", ["other@1.0.0"]));
    await settle();
    expect(wired()).toEqual(["bill of newcomer"]);
    expect(cluster.events.filter((text) => text.includes("passes from"))).toEqual([]);
  });
});

describe("Channels of one identity in several namespaces", () => {
  it("are all wired, and each says where the others are", async () => {
    start("off");
    cluster.channels.put(channelOf("acme", []));
    const other = channelOf("acme", []);
    cluster.channels.put({ ...other, metadata: { ...other.metadata, namespace: "other" } });
    await settle();
    expect([condition("Activated"), condition("Unique")]).toEqual([
      "True RoutingCurrent",
      "False DuplicateIdentity",
    ]);
    expect(messageOf("Unique")).toBe(
      "other namespaces have a Channel of the same tenant, channel and subset: other/acme",
    );
    expect(cluster.events.some((text) => text.startsWith("DuplicateIdentity"))).toBe(true);
    cluster.channels.remove({ namespace: "other", name: "acme" });
    await settle();
    expect(condition("Unique")).toBe("True OneNamespace");
  });

  it("are not spoken of where there is one only", async () => {
    start("off");
    cluster.channels.put(channelOf("acme", []));
    await settle();
    expect(condition("Unique")).toBe("");
  });
});
