/**
 * What the Kotlin operator was seen to do with small sets of objects, one row a sentence, and what we do with the same:
 * either the same routing, or something else on purpose (docs/compatibility.md). Where it activates half, our policy
 * `Partial` does the same, and our default does not.
 */
import { type Agent, type Channel, type ChannelRouting, subsetLabel } from "@lmos/resources";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wiredGroups } from "../routing/groups.ts";
import { planRouting } from "../routing/plan.ts";
import { buildRouting } from "../routing/routing-object.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { decideChannel } from "./decide.ts";
import type { ChannelDecision } from "./decision.ts";
import { desiredRouting } from "./desired-routing.ts";
import { gatherChannel } from "./gather.ts";
import { planChannel } from "./plan.ts";
import { reportChannel } from "./report.ts";

const nowMs = Date.UTC(2026, 0, 1);

interface Given {
  readonly agents: readonly Agent[];
  readonly channel: Channel;
  readonly routing?: ChannelRouting | undefined;
}

function decide({ agents, channel, routing }: Given) {
  const cluster = new FakeCluster();
  for (const agent of agents) cluster.agents.put(agent);
  cluster.channels.put(channel);
  if (routing !== undefined) cluster.routings.put(routing);
  const input = gatherChannel(channel.metadata, cluster.stores, { nowMs, mode: "off" });
  if (input === undefined) throw new TypeError("no Channel");
  return { input, decision: decideChannel(input) };
}

/** The groups of the routing as text, such as `billing: bill 1.0.0 for ^1.0.0`; undefined where none is activated. */
function groupsOf(given: Given): readonly string[] | undefined {
  const { input, decision } = decide(given);
  return decision.kind === "activate" ? wiredGroups(decision.wires, input.agents).map(groupText) : undefined;
}

function groupText({ name, capabilities }: ChannelRouting["spec"]["capabilityGroups"][number]): string {
  const texts = capabilities.map((one) => `${one.name} ${one.providedVersion} for ${one.requiredVersion}`);
  return `${name}: ${texts.join(", ")}`;
}

const partial = (name: string, needs: readonly string[]): Channel => {
  const channel = channelOf(name, needs);
  return { ...channel, spec: { ...channel.spec, activationPolicy: "Partial" } };
};
const within = (agent: Agent, spec: Partial<Agent["spec"]>): Agent => ({
  ...agent,
  spec: { ...agent.spec, ...spec },
});
const forSubset = (agent: Agent, subset: string): Agent => {
  return { ...agent, metadata: { ...agent.metadata, labels: { [subsetLabel]: subset } } };
};

describe("the same routing", () => {
  it.each<{ name: string; agents: readonly Agent[]; needs: readonly string[]; groups: readonly string[] }>([
    {
      name: "an empty list of requirements is resolved, with no groups",
      agents: [agentOf("a", ["bill@1.0.0"])],
      needs: [],
      groups: [],
    },
    {
      name: "without a strategy the highest version is taken",
      agents: [agentOf("a", ["bill@1.0.0"]), agentOf("b", ["bill@1.2.0"]), agentOf("c", ["bill@1.1.0"])],
      needs: ["bill@>=1.0.0"],
      groups: ["b: bill 1.2.0 for >=1.0.0"],
    },
    {
      name: "a tie goes to the first agent by name",
      agents: [agentOf("b", ["bill@1.0.0"]), agentOf("a", ["bill@1.0.0"])],
      needs: ["bill@1.0.0"],
      groups: ["a: bill 1.0.0 for 1.0.0"],
    },
    {
      name: "an agent may provide two versions of one capability",
      agents: [agentOf("a", ["bill@1.0.0", "bill@2.0.0"])],
      needs: ["bill@^1.0.0"],
      groups: ["a: bill 1.0.0 for ^1.0.0"],
    },
    {
      name: "two requirements of one name with different ranges give two entries in one group",
      agents: [agentOf("a", ["bill@1.0.0", "bill@2.0.0"])],
      needs: ["bill@^1.0.0", "bill@^2.0.0"],
      groups: ["a: bill 1.0.0 for ^1.0.0, bill 2.0.0 for ^2.0.0"],
    },
    {
      name: "the same requirement twice counts once",
      agents: [agentOf("a", ["bill@1.0.0"])],
      needs: ["bill@^1.0.0", "bill@^1.0.0"],
      groups: ["a: bill 1.0.0 for ^1.0.0"],
    },
    {
      name: "two ranges that one version fits give two entries",
      agents: [agentOf("a", ["bill@1.0.0"])],
      needs: ["bill@^1.0.0", "bill@>=1.0.0"],
      groups: ["a: bill 1.0.0 for ^1.0.0, bill 1.0.0 for >=1.0.0"],
    },
    {
      name: "two ranges may lead to two agents",
      agents: [agentOf("a", ["bill@1.5.0"]), agentOf("b", ["bill@2.0.0"])],
      needs: ["bill@>=2.0.0", "bill@^1.0.0"],
      groups: ["a: bill 1.5.0 for ^1.0.0", "b: bill 2.0.0 for >=2.0.0"],
    },
    {
      name: "the highest of all agents and versions, whatever their order",
      agents: [agentOf("z", ["bill@1.9.0", "bill@1.10.0", "bill@1.2.0"]), agentOf("a", ["bill@1.9.9"])],
      needs: ["bill@1.x"],
      groups: ["z: bill 1.10.0 for 1.x"],
    },
    {
      name: "a release is higher than its pre-releases",
      agents: [agentOf("a", ["bill@1.0.0-rc.10"]), agentOf("b", ["bill@1.0.0"])],
      needs: ["bill@>=1.0.0-rc.1"],
      groups: ["b: bill 1.0.0 for >=1.0.0-rc.1"],
    },
    {
      name: "metadata of a build makes a version no higher",
      agents: [agentOf("a", ["bill@1.0.0+1"]), agentOf("b", ["bill@1.0.0+2"])],
      needs: ["bill@^1.0.0"],
      groups: ["a: bill 1.0.0+1 for ^1.0.0"],
    },
    {
      name: "a version is written as the agent wrote it",
      agents: [agentOf("a", ["bill@v1.0.0"])],
      needs: ["bill@^1.0.0"],
      groups: ["a: bill v1.0.0 for ^1.0.0"],
    },
    {
      name: "an agent whose name has dots",
      agents: [agentOf("billing.v1", ["bill@1.0.0"])],
      needs: ["bill@1.0.0"],
      groups: ["billing.v1: bill 1.0.0 for 1.0.0"],
    },
    {
      name: "a capability with odd characters in its name",
      agents: [agentOf("a", ["Rechnung ansehen/ä@1.0.0"])],
      needs: ["Rechnung ansehen/ä@1.0.0"],
      groups: ["a: Rechnung ansehen/ä 1.0.0 for 1.0.0"],
    },
    {
      name: "an agent without the label subset is stable",
      agents: [agentOf("a", ["bill@1.0.0"]), forSubset(agentOf("b", ["bill@2.0.0"]), "canary")],
      needs: ["bill@>=1.0.0"],
      groups: ["a: bill 1.0.0 for >=1.0.0"],
    },
    {
      name: "an agent whose label subset is stable is wired",
      agents: [forSubset(agentOf("a", ["bill@1.0.0"]), "stable")],
      needs: ["bill@>=1.0.0"],
      groups: ["a: bill 1.0.0 for >=1.0.0"],
    },
    {
      name: "no supported tenants means all",
      agents: [within(agentOf("a", ["bill@1.0.0"]), { supportedTenants: [] })],
      needs: ["bill@1.0.0"],
      groups: ["a: bill 1.0.0 for 1.0.0"],
    },
    {
      name: "a supported tenant among others is enough",
      agents: [within(agentOf("a", ["bill@1.0.0"]), { supportedTenants: ["globex", "acme"] })],
      needs: ["bill@1.0.0"],
      groups: ["a: bill 1.0.0 for 1.0.0"],
    },
    {
      name: "requirements are grouped by agent",
      agents: [agentOf("a", ["bill@1.0.0", "pay@1.0.0"]), agentOf("b", ["news@1.0.0"])],
      needs: ["bill@1.0.0", "news@1.0.0", "pay@1.0.0"],
      groups: ["a: bill 1.0.0 for 1.0.0, pay 1.0.0 for 1.0.0", "b: news 1.0.0 for 1.0.0"],
    },
    {
      name: "a pre-release that is asked for is taken",
      agents: [agentOf("a", ["bill@1.0.0-rc.1"])],
      needs: ["bill@>=1.0.0-rc.0"],
      groups: ["a: bill 1.0.0-rc.1 for >=1.0.0-rc.0"],
    },
  ])("$name", ({ agents, needs, groups }) => {
    expect(groupsOf({ agents, channel: channelOf("acme", needs) })).toEqual(groups);
  });
});

describe("requirements that ask for the same in other words", () => {
  const needing = (
    ...needs: readonly Partial<Channel["spec"]["requiredCapabilities"][number]>[]
  ): Channel => {
    const channel = channelOf("acme", []);
    const full = needs.map((need) => {
      return { id: "", name: "bill", version: "^1.0.0", strategy: "HIGHEST" as const, ...need };
    });
    return { ...channel, spec: { requiredCapabilities: full } };
  };

  it.each([
    { name: "ids alone", channel: needing({ id: "x" }, { id: "y" }) },
    { name: "strategies that lead to the same", channel: needing({}, { strategy: "MOST_SIMILAR" }) },
    { name: "an optional one beside a mandatory one", channel: needing({}, { resolution: "optional" }) },
  ])("$name give one entry", ({ channel }) => {
    expect(groupsOf({ agents: [agentOf("a", ["bill@1.0.0"])], channel })).toEqual([
      "a: bill 1.0.0 for ^1.0.0",
    ]);
  });

  it("strategies that lead to two agents give two groups", () => {
    const agents = [agentOf("a", ["bill@1.0.0"]), agentOf("b", ["bill@1.1.0"])];
    expect(groupsOf({ agents, channel: needing({}, { strategy: "MOST_SIMILAR" }) })).toEqual([
      "a: bill 1.0.0 for ^1.0.0",
      "b: bill 1.1.0 for ^1.0.0",
    ]);
  });

  it("what is one entry is no other wiring than that of the routing that holds it", () => {
    const channel = needing({}, { strategy: "MOST_SIMILAR" });
    const agents = [agentOf("a", ["bill@1.0.0"])];
    const { input, decision } = decide({ agents, channel });
    const status = reportChannel(decision, input, "2026-01-01T00:00:00Z");
    const routing = routingOf(decision, input.channel, agents);
    expect(decide({ agents: [], channel: { ...channel, status }, routing }).decision).toMatchObject({
      kind: "keep",
      restore: undefined,
    });
  });
});

describe("what is carried over", () => {
  it("id and description of agent and capability, whatever id was asked for", () => {
    const agent = agentOf("a", ["bill@1.0.0"]);
    const provided = { id: "bill-id", name: "bill", version: "1.0.0", description: "Bills", examples: [] };
    const agents = [within(agent, { id: "a-id", description: "An agent", providedCapabilities: [provided] })];
    const channel = channelOf("acme", ["bill@1.0.0"]);
    const { input, decision } = decide({ agents, channel });
    expect(routingOf(decision, input.channel, agents).spec.capabilityGroups).toEqual([
      {
        id: "a-id",
        name: "a",
        description: "An agent",
        capabilities: [
          {
            id: "bill-id",
            name: "bill",
            requiredVersion: "1.0.0",
            providedVersion: "1.0.0",
            host: "a.default.svc.cluster.local",
            description: "Bills",
          },
        ],
      },
    ]);
  });

  it("of what an agent gives twice the first one counts", () => {
    const twice = ["z", "a"].map((id) => {
      return { id, name: "bill", version: "1.0.0", description: "", examples: [] };
    });
    const agents = [within(agentOf("a", []), { providedCapabilities: twice })];
    const { decision } = decide({ agents, channel: channelOf("acme", ["bill@1.0.0"]) });
    if (decision.kind !== "activate") throw new TypeError(decision.kind);
    expect(decision.wires.map(({ capability }) => capability.id)).toEqual(["z"]);
  });
});

describe("what it leaves out, and activates the rest of", () => {
  const cases: readonly {
    readonly name: string;
    readonly agent: Agent;
    readonly needs: string;
    readonly cause: string;
  }[] = [
    {
      name: "no supported channels means none",
      agent: within(agentOf("a", ["bill@1.0.0"]), { supportedChannels: [] }),
      needs: "bill@1.0.0",
      cause: "ChannelMismatch",
    },
    {
      name: "tenants are compared with their case",
      agent: within(agentOf("a", ["bill@1.0.0"]), { supportedTenants: ["Acme"] }),
      needs: "bill@1.0.0",
      cause: "TenantMismatch",
    },
    {
      name: "a pre-release does not satisfy a plain range",
      agent: agentOf("a", ["bill@1.0.0-rc.1"]),
      needs: "bill@>=0.1.0",
      cause: "VersionMismatch",
    },
    {
      name: "names are compared with their case",
      agent: agentOf("a", ["Bill@1.0.0"]),
      needs: "bill@1.0.0",
      cause: "NoProvider",
    },
    {
      name: "another subset",
      agent: forSubset(agentOf("a", ["bill@1.0.0"]), "canary"),
      needs: "bill@1.0.0",
      cause: "SubsetMismatch",
    },
  ];

  it.each(cases)("$name: Partial activates the rest", ({ agent, needs, cause }) => {
    const given = {
      agents: [agent, agentOf("b", ["news@1.0.0"])],
      channel: partial("acme", [needs, "news@1.0.0"]),
    };
    expect(groupsOf(given)).toEqual(["b: news 1.0.0 for 1.0.0"]);
    expect(statusOf(given)).toMatchObject({
      resolveStatus: "UNRESOLVED",
      unresolvedRequiredCapabilities: [{ name: "bill", strategy: "HIGHEST", reason: cause }],
    });
  });

  it.each(cases)("$name: the default activates nothing (W1)", ({ agent, needs }) => {
    const given = {
      agents: [agent, agentOf("b", ["news@1.0.0"])],
      channel: channelOf("acme", [needs, "news@1.0.0"]),
    };
    expect(groupsOf(given)).toBeUndefined();
    expect(statusOf(given).resolveStatus).toBe("UNRESOLVED");
  });

  it("whatever the order of the requirements", () => {
    const needs = ["bill@1.0.0", "missing@1.0.0", "news@1.0.0", "other@1.0.0"];
    const agents = [agentOf("a", ["bill@1.0.0"]), agentOf("b", ["news@1.0.0"])];
    fc.assert(
      fc.property(fc.shuffledSubarray(needs, { minLength: needs.length }), (shuffled) => {
        expect(groupsOf({ agents, channel: partial("acme", shuffled) })).toEqual([
          "a: bill 1.0.0 for 1.0.0",
          "b: news 1.0.0 for 1.0.0",
        ]);
        expect(groupsOf({ agents, channel: channelOf("acme", shuffled) })).toBeUndefined();
      }),
    );
  });

  it("when everything is missing: an empty routing with Partial, none by default", () => {
    expect(groupsOf({ agents: [], channel: partial("acme", ["bill@1.0.0"]) })).toEqual([]);
    expect(groupsOf({ agents: [], channel: channelOf("acme", ["bill@1.0.0"]) })).toBeUndefined();
  });
});

describe("an agent that is deleted", () => {
  const live = (channel: Channel): ChannelRouting => {
    const { input, decision } = decide({ agents: [agentOf("a", ["bill@1.0.0"])], channel });
    return routingOf(decision, input.channel, input.agents);
  };

  it("leaves the routing at once with Partial, as there", () => {
    const channel = partial("acme", ["bill@1.0.0"]);
    expect(groupsOf({ agents: [], channel, routing: live(channel) })).toEqual([]);
  });

  it("stays in the last good one by default, on purpose", () => {
    const channel = channelOf("acme", ["bill@1.0.0"]);
    expect(decide({ agents: [], channel, routing: live(channel) }).decision).toMatchObject({ kind: "keep" });
  });
});

describe("different on purpose", () => {
  it("MOST_SIMILAR is nearest to the lower bound, which among fitting versions is the lowest, as there", () => {
    const channel = channelOf("acme", ["bill@>=1.0.0"]);
    const requiredCapabilities = channel.spec.requiredCapabilities.map((one) => {
      return { ...one, strategy: "MOST_SIMILAR" as const };
    });
    const agents = [agentOf("a", ["bill@3.0.0"]), agentOf("b", ["bill@1.1.0"]), agentOf("c", ["bill@2.0.0"])];
    expect(groupsOf({ agents, channel: { ...channel, spec: { requiredCapabilities } } })).toEqual([
      "b: bill 1.1.0 for >=1.0.0",
    ]);
  });

  it("a version that is not semantic harms its own capability only", () => {
    const agents = [agentOf("a", ["bill@1.0", "news@1.0.0"]), agentOf("b", ["bill@1.0.0"])];
    expect(groupsOf({ agents, channel: channelOf("acme", ["bill@>=1.0.0", "news@1.0.0"]) })).toEqual([
      "a: news 1.0.0 for 1.0.0",
      "b: bill 1.0.0 for >=1.0.0",
    ]);
  });
});

describe("what is written", () => {
  it("labels: those of the identity and the version, and no others of the Channel", () => {
    const channel = channelOf("acme", []);
    const labels = { ...channel.metadata.labels, version: "1.0.0", team: "red" };
    const given = { agents: [], channel: { ...channel, metadata: { ...channel.metadata, labels } } };
    const { input, decision } = decide(given);
    expect(routingOf(decision, input.channel, []).metadata.labels).toEqual({
      tenant: "acme",
      channel: "web",
      subset: "stable",
      version: "1.0.0",
    });
  });

  it("an empty label version where the Channel has none, as the Kotlin runtime wants one", () => {
    const { input, decision } = decide({ agents: [], channel: channelOf("acme", []) });
    expect(routingOf(decision, input.channel, []).metadata.labels).toMatchObject({ version: "" });
  });

  it("by server-side apply, no finalizer anywhere, the routing owned by its Channel", () => {
    const { input, decision } = decide({ agents: [], channel: channelOf("acme", []) });
    const reported = reportChannel(decision, input, "2026-01-01T00:00:00Z");
    const { status } = planChannel(decision, reported, input);
    const plan = [...planRouting(desiredRouting(decision, input), input), status];
    expect(plan.flatMap((one) => (one.kind === "apply" ? [one.target] : []))).toEqual([
      "ChannelRouting",
      "Channel",
    ]);
    expect(JSON.stringify(plan)).not.toContain("finalizers");
    expect(routingOf(decision, input.channel, []).metadata.ownerReferences).toMatchObject([
      { kind: "Channel", name: "acme", uid: "acme-uid", controller: true },
    ]);
  });
});

function statusOf(given: Given) {
  const { input, decision } = decide(given);
  return reportChannel(decision, input, "2026-01-01T00:00:00Z");
}

function routingOf(decision: ChannelDecision, channel: Channel, agents: readonly Agent[]): ChannelRouting {
  if (decision.kind !== "activate") throw new TypeError(decision.kind);
  return buildRouting(
    channel,
    { revision: decision.revision, live: undefined },
    wiredGroups(decision.wires, agents),
  );
}
