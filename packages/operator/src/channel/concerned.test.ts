/** Reverse indexes: each change names the Channels that it can concern, and no others. */
import type { Agent, Channel } from "@lmos/resources";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { grantObject, tenantObject } from "../testing/grants.ts";
import { agentOf, channelOf, deploymentOf } from "../testing/objects.ts";
import { channelSources } from "./sources.ts";

let cluster: FakeCluster;
let named: string[];

beforeEach(() => {
  cluster = new FakeCluster();
  named = [];
});

/** From now on every key that a source names is noted. */
function listen(): void {
  for (const source of channelSources(cluster.stores)) {
    source.start(
      ({ namespace, name }) => void named.push(namespace === "default" ? name : `${namespace}/${name}`),
    );
  }
  named = [];
}

const concerned = (): readonly string[] => [...new Set(named)].sort();

function of(tenant: string, name: string, needs: readonly string[], more: object = {}): Channel {
  const channel = channelOf(name, needs);
  return { ...channel, metadata: { ...channel.metadata, labels: { tenant, channel: name }, ...more } };
}

function aged<T extends Agent | Channel>(object: T, day: number): T {
  return { ...object, metadata: { ...object.metadata, creationTimestamp: `2026-01-0${day}T00:00:00Z` } };
}

/** A Channel without a routing, whose only revision was wired to that agent and is the one that it is held at. */
function heldAtRevision(channel: Channel, agent: string): Channel {
  const wire = { agent, id: "", name: "bill", requiredVersion: "*", providedVersion: "1.0.0", host: "" };
  const revisions = [{ revision: 1, activatedAt: "2026-01-01T00:00:00Z", wires: [wire] }];
  const status = { resolveStatus: "RESOLVED" as const, unresolvedRequiredCapabilities: [], revisions };
  return { ...channel, spec: { ...channel.spec, pinnedRevision: 1 }, status };
}

describe("an Agent", () => {
  it("concerns a Channel that is held at a revision with it, whatever the Channel requires by now", () => {
    cluster.channels.put(heldAtRevision(of("acme", "held", []), "a"));
    cluster.channels.put(heldAtRevision(of("acme", "other", []), "b"));
    listen();
    cluster.agents.put(agentOf("a", []));
    expect(concerned()).toEqual(["held"]);
  });

  it("that falls out of the quota concerns the Channels that are wired to it, though it no longer provides anything", () => {
    cluster.tenants.put(tenantObject("acme", { quota: { agents: 1 } }));
    cluster.agents.put(aged(agentOf("young", []), 2));
    cluster.channels.put(heldAtRevision(of("acme", "held", []), "young"));
    listen();
    cluster.agents.put(aged(agentOf("old", []), 1));
    expect(concerned()).toEqual(["held"]);
  });

  it("concerns the Channels that require what it provides, before or after the change", () => {
    for (const name of ["bill", "news", "weather"]) cluster.channels.put(of("acme", name, [`${name}@*`]));
    cluster.agents.put(agentOf("a", ["bill@1.0.0"]));
    listen();
    cluster.agents.put({ ...agentOf("a", ["news@1.0.0"]), kind: "Agent" });
    expect(concerned()).toEqual(["bill", "news"]);
  });

  it("concerns the Channels behind agents that require it", () => {
    const needing = (name: string, provides: string, needs: string): Agent => {
      const agent = agentOf(name, [`${provides}@1.0.0`]);
      const requiredCapabilities = [{ id: "", name: needs, version: "*", strategy: "HIGHEST" as const }];
      return { ...agent, spec: { ...agent.spec, requiredCapabilities } };
    };
    cluster.channels.put(of("acme", "far", ["bill@*"]));
    cluster.channels.put(of("acme", "other", ["news@*"]));
    cluster.agents.put(needing("a", "bill", "ledger"));
    cluster.agents.put(needing("b", "ledger", "rates"));
    listen();
    cluster.agents.put(agentOf("c", ["rates@1.0.0"]));
    expect(concerned()).toEqual(["far"]);
  });

  it("concerns no Channel of another namespace", () => {
    cluster.channels.put(of("acme", "bill", ["bill@*"], { namespace: "other" }));
    listen();
    cluster.agents.put(agentOf("a", ["bill@1.0.0"]));
    expect(concerned()).toEqual([]);
  });

  it("that comes into the quota concerns the Channels that require what it provides", () => {
    cluster.tenants.put(tenantObject("acme", { quota: { agents: 1 } }));
    cluster.agents.put(aged(agentOf("old", ["news@1.0.0"]), 1));
    cluster.agents.put(aged(agentOf("young", ["bill@1.0.0"]), 2));
    cluster.channels.put(of("acme", "bill", ["bill@*"]));
    cluster.channels.put(of("acme", "weather", ["weather@*"]));
    listen();
    cluster.agents.remove({ namespace: "default", name: "old" });
    expect(concerned()).toEqual(["bill"]);
  });
});

describe("a Channel", () => {
  it("concerns those of its identity, wherever they lie", () => {
    cluster.channels.put(of("acme", "web", []));
    cluster.channels.put(of("acme", "ivr", []));
    cluster.channels.put(of("acme", "web", [], { namespace: "other" }));
    listen();
    cluster.channels.put(of("acme", "twin", [], { labels: { tenant: "acme", channel: "web" } }));
    expect(concerned()).toEqual(["other/web", "twin", "web"]);
  });

  it("that is gone lets the next one into the quota", () => {
    cluster.tenants.put(tenantObject("acme", { quota: { channels: 2 } }));
    for (const day of [1, 2, 3, 4, 5]) cluster.channels.put(aged(of("acme", `day-${day}`, []), day));
    listen();
    cluster.channels.remove({ namespace: "default", name: "day-1" });
    expect(concerned()).toEqual(["day-1", "day-3", "day-4"]);
  });
});

describe("a Tenant", () => {
  beforeEach(() => {
    cluster.channels.put(of("acme", "web", []));
    cluster.channels.put(of("acme", "far", [], { namespace: "other" }));
    cluster.channels.put(of("globex", "shop", []));
  });

  it("concerns its own Channels", () => {
    cluster.tenants.put(tenantObject("globex"));
    listen();
    cluster.tenants.put(tenantObject("acme"));
    expect(concerned()).toEqual(["other/far", "web"]);
  });

  it("concerns all where it is the first, or was the last", () => {
    listen();
    cluster.tenants.put(tenantObject("acme"));
    expect(concerned()).toEqual(["other/far", "shop", "web"]);
    named = [];
    cluster.tenants.remove({ name: "acme" });
    expect(concerned()).toEqual(["other/far", "shop", "web"]);
  });
});

describe("a CapabilityGrant", () => {
  beforeEach(() => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.agents.put(agentOf("press", ["news@1.0.0"]));
    cluster.channels.put(of("acme", "bills", ["bill@*"]));
    cluster.channels.put(of("acme", "papers", ["news@*"]));
    cluster.channels.put(of("globex", "foreign", ["bill@*"]));
    cluster.channels.put(of("acme", "far", ["bill@*"], { namespace: "other" }));
  });

  it.each([
    { name: "all of its tenants", spec: {}, expected: ["bills", "papers"] },
    { name: "those of its capability", spec: { capabilities: ["bill"] }, expected: ["bills"] },
    {
      name: "those of its agent",
      spec: { providers: [{ namespace: "default", agent: "press" }] },
      expected: ["papers"],
    },
    {
      name: "none of a namespace without agents",
      spec: { providers: [{ namespace: "other" }] },
      expected: [],
    },
    {
      name: "every tenant's",
      spec: { tenants: ["*"], capabilities: ["bill"] },
      expected: ["bills", "foreign"],
    },
    { name: "none where it is for nobody", spec: { tenants: [] }, expected: [] },
  ])("concerns $name", ({ spec, expected }) => {
    listen();
    cluster.grants.put(grantObject("one", spec));
    expect(concerned()).toEqual(expected);
  });

  it("concerns what it said before and what it says now", () => {
    cluster.grants.put(grantObject("one", { capabilities: ["bill"] }));
    listen();
    cluster.grants.put(grantObject("one", { capabilities: ["news"] }));
    expect(concerned()).toEqual(["bills", "papers"]);
  });

  it("concerns a Channel that is wired to an agent which is gone, and one that is held at a revision", () => {
    const { labels } = of("acme", "kept", []).metadata;
    const capabilities = [
      { id: "", name: "bill", requiredVersion: "*", providedVersion: "1.0.0", host: "", description: "" },
    ];
    cluster.routings.put({
      apiVersion: "lmos.eclipse/v1",
      kind: "ChannelRouting",
      metadata: { name: "kept", namespace: "default", labels },
      spec: { capabilityGroups: [{ id: "", name: "gone", description: "", capabilities }] },
    });
    cluster.channels.put(heldAtRevision(of("acme", "pinned", []), "gone"));
    listen();
    cluster.grants.put(grantObject("one", { capabilities: ["bill"] }));
    expect(concerned()).toEqual(["bills", "kept", "pinned"]);
  });
});

describe("a workload", () => {
  const under = (serviceAccountName: string, more: object = {}) => {
    const deployment = deploymentOf("billing");
    const template = { ...deployment.spec.template, spec: { containers: [], serviceAccountName } };
    return { ...deployment, ...more, spec: { ...deployment.spec, template } };
  };

  beforeEach(() => {
    cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
    cluster.channels.put(of("acme", "bills", ["bill@*"]));
    cluster.deployments.put(under("one"));
  });

  it("concerns its agent's Channels when it runs under another account, and where grants count", () => {
    listen();
    cluster.deployments.put(under("two"));
    expect(concerned()).toEqual([]);
    cluster.grants.put(grantObject("one", { capabilities: [] }));
    named = [];
    cluster.deployments.put(under("three"));
    expect(concerned()).toEqual(["bills"]);
  });

  it("concerns none when anything else of it changes", () => {
    cluster.grants.put(grantObject("one"));
    listen();
    cluster.deployments.put(under("one", { status: undefined }));
    expect(concerned()).toEqual([]);
  });
});
