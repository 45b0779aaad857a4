import type { CapabilityGroup, Channel, ChannelStatus, GrantsMode } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { grantObject } from "../testing/grants.ts";
import { agentOf, channelOf, deploymentOf, ownerOfDeployment } from "../testing/objects.ts";
import { decideChannel } from "./decide.ts";
import { desiredRouting } from "./desired-routing.ts";
import { gatherChannel } from "./gather.ts";

const nowMs = Date.parse("2026-01-01T00:00:00Z");
const wire = {
  agent: "billing",
  id: "1",
  name: "view-bill",
  requiredVersion: "^1.0.0",
  providedVersion: "1.0.0",
  host: "billing.default.svc.cluster.local",
};
const resolvedOnce: ChannelStatus = {
  activeRevision: 3,
  revisions: [{ revision: 3, activatedAt: "2026-01-01T00:00:00Z", wires: [wire] }],
};

function channelWith(spec: object, status?: ChannelStatus, labels: object = {}): Channel {
  const channel = channelOf("acme-web", ["view-bill@^1.0.0"]);
  return {
    ...channel,
    metadata: { ...channel.metadata, labels: { ...channel.metadata.labels, ...labels } },
    spec: { ...channel.spec, ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

describe("what a decision makes of the routing", () => {
  const billing = agentOf("billing", ["view-bill@1.0.0"]);
  it.each([
    {
      name: "resolved: it holds the wires",
      channel: channelWith({}),
      agents: [billing],
      expected: "1 billing",
    },
    {
      name: "never resolved: it stays as it is",
      channel: channelWith({}),
      agents: [],
      expected: "unchanged",
    },
    {
      name: "no longer resolved, and the routing lost: it holds the last good revision",
      channel: channelWith({}, resolvedOnce),
      agents: [],
      expected: "3 billing",
    },
    {
      name: "no longer resolved, with the policy Fail: there is none",
      channel: channelWith({ activationPolicy: "Fail" }, resolvedOnce),
      agents: [],
      expected: "absent by policy",
    },
    {
      name: "no longer resolved, with the policy Partial: it holds what is provided",
      channel: channelWith({ activationPolicy: "Partial" }, resolvedOnce),
      agents: [],
      expected: "4 ",
    },
    {
      name: "held at a revision: it holds that",
      channel: channelWith({ pinnedRevision: 3 }, resolvedOnce),
      agents: [agentOf("billing", ["view-bill@1.5.0"])],
      expected: "3 billing",
    },
    {
      name: "held at a revision that is not known: it stays as it is",
      channel: channelWith({ pinnedRevision: 9 }, resolvedOnce),
      agents: [billing],
      expected: "unchanged",
    },
    {
      name: "without the labels that say whose it is: it stays as it is",
      channel: channelWith({}, undefined, { tenant: "" }),
      agents: [billing],
      expected: "unchanged",
    },
  ])("$name", ({ channel, agents, expected }) => {
    const cluster = new FakeCluster();
    cluster.channels.put(channel);
    for (const agent of agents) cluster.agents.put(agent);
    expect(shown(cluster)).toBe(expected);
  });
});

describe("S1 the service account of an agent's pods", () => {
  const owner = ownerOfDeployment("billing");
  const billing = agentOf("billing", ["view-bill@1.0.0"]);
  const owned = { ...billing, metadata: { ...billing.metadata, ownerReferences: [owner] } };
  it.each([
    { mode: "off", agents: [owned], expected: undefined },
    { mode: "audit", agents: [owned], expected: "default" },
    { mode: "enforce", agents: [owned], expected: "default" },
    { mode: "enforce", agents: [billing], expected: undefined },
  ] as const)("is in the routing with grants $mode: $expected", ({ mode, agents, expected }) => {
    const cluster = new FakeCluster();
    cluster.grants.put(grantObject("all"));
    cluster.deployments.put(deploymentOf("billing"));
    cluster.channels.put(channelWith({}));
    for (const agent of agents) cluster.agents.put(agent);
    expect(groupsOf(cluster, mode).map(({ serviceAccount }) => serviceAccount)).toEqual([expected]);
  });

  it("is that of now in a revision that is put back", () => {
    const cluster = new FakeCluster();
    cluster.grants.put(grantObject("all"));
    cluster.deployments.put(deploymentOf("billing"));
    cluster.channels.put(channelWith({ pinnedRevision: 3 }, resolvedOnce));
    cluster.agents.put(owned);
    expect(groupsOf(cluster, "enforce")).toMatchObject([{ name: "billing", serviceAccount: "default" }]);
  });
});

function groupsOf(cluster: FakeCluster, mode: GrantsMode): readonly CapabilityGroup[] {
  const input = gatherChannel({ namespace: "default", name: "acme-web" }, cluster.stores, { nowMs, mode });
  if (input === undefined) throw new TypeError("there is no Channel");
  const desired = desiredRouting(decideChannel(input), input);
  return desired.kind === "holding" ? desired.groups : [];
}

function shown(cluster: FakeCluster, name = "acme-web"): string {
  const input = gatherChannel({ namespace: "default", name }, cluster.stores, { nowMs, mode: "off" });
  if (input === undefined) throw new TypeError(`there is no Channel ${name}`);
  const desired = desiredRouting(decideChannel(input), input);
  if (desired.kind === "unchanged") return desired.kind;
  if (desired.kind === "absent") return `absent by ${desired.because}`;
  return `${desired.revision} ${desired.groups.map((group) => group.name).join(",")}`;
}

describe("of two Channels of one identity the younger", () => {
  const older = channelOf("a-older", ["view-bill@^1.0.0"]);
  it.each([
    { name: "that is resolved", channel: channelWith({}), agents: ["view-bill@1.0.0"] },
    {
      name: "that is content with a part",
      channel: channelWith({ activationPolicy: "Partial" }),
      agents: [],
    },
    {
      name: "that is held at a revision and resolved",
      channel: channelWith({ pinnedRevision: 3 }, resolvedOnce),
      agents: ["view-bill@1.0.0"],
    },
    {
      name: "that is held at a revision and not resolved",
      channel: channelWith({ pinnedRevision: 3 }, resolvedOnce),
      agents: [],
    },
  ])("$name leaves its routing as it is", ({ channel, agents }) => {
    const cluster = new FakeCluster();
    cluster.channels.put(older);
    cluster.channels.put(channel);
    cluster.agents.put(agentOf("billing", agents));
    expect(shown(cluster)).toBe("unchanged");
  });

  it("loses it with the policy Fail where something is not provided", () => {
    const cluster = new FakeCluster();
    cluster.channels.put(older);
    cluster.channels.put(channelWith({ activationPolicy: "Fail" }));
    expect(shown(cluster)).toBe("absent by policy");
  });
});
