import { describe, expect, it } from "vitest";
import type { Refusal } from "./cause.ts";
import { explainCause, explainUnmet } from "./explain.ts";
import type { Capability, CurrentWire, DependencyWire, Provider, Requirement, Resolution } from "./model.ts";
import { resolveChannel } from "./resolve.ts";

function agent(name: string, capabilities: readonly string[], rest: Partial<Provider> = {}): Provider {
  return {
    ...{ name, description: "", host: `${name}.default.svc.cluster.local`, subset: "stable" },
    ...{ tenants: [], channels: ["web"] },
    capabilities: capabilities.map((text) => {
      const [capability = "", version = ""] = text.split("@");
      return { id: `${capability}-id`, name: capability, version, description: "", examples: [] };
    }),
    ...rest,
  };
}

/** An agent with one capability that has more than a name and a version. */
function agentWith(name: string, capability: string, more: Partial<Capability>): Provider {
  const plain = agent(name, [capability]);
  return { ...plain, capabilities: plain.capabilities.map((one) => ({ ...one, ...more })) };
}

/** An agent that needs others. */
function needing(name: string, capabilities: readonly string[], needs: readonly string[]): Provider {
  return agent(name, capabilities, { requirements: needs.map((text) => need(text)) });
}

function need(
  text: string,
  strategy: Requirement["strategy"] = "HIGHEST",
  more: Partial<Requirement> = {},
): Requirement {
  const at = text.indexOf("@");
  return { id: "", name: text.slice(0, at), range: text.slice(at + 1), strategy, ...more };
}

const optional = { resolution: "optional" } as const;
const multiple = { cardinality: "multiple" } as const;

function resolve(
  requirements: readonly Requirement[],
  providers: readonly Provider[],
  current: readonly CurrentWire[] = [],
): Resolution {
  const channel = { tenant: "acme", channel: "web", subset: "stable" };
  return resolveChannel({ channel, requirements, providers, current });
}

function wiresOf(resolution: Resolution): readonly string[] {
  return resolution.wires.map(
    ({ requirement, capability, provider }) =>
      `${requirement.name}@${requirement.range} -> ${provider.name} ${capability.version}`,
  );
}

function dependencyText({ consumer, requirement, capability, provider }: DependencyWire): string {
  return `${consumer}: ${requirement.name}@${requirement.range} -> ${provider.name} ${capability.version}`;
}

/** Capabilities pay and view, of which the first uses the second. */
function paying(name: string): readonly Capability[] {
  const { capabilities } = agent(name, ["pay@1.0.0", "view@1.0.0"]);
  return capabilities.map((one) => (one.name === "pay" ? { ...one, uses: ["view"] } : one));
}

function unmetOf(resolution: Resolution): readonly string[] {
  return resolution.kind === "resolved"
    ? []
    : resolution.unmet.map((unmet) => `${unmet.cause.kind}: ${explainUnmet(unmet)}`);
}

// The names of these rows are the worked examples of docs/resolution.md.
describe("worked examples", () => {
  it.each([
    {
      name: "the highest version wins",
      needs: [need("bill@>=1.0.0")],
      agents: [agent("a", ["bill@1.0.0"]), agent("b", ["bill@1.10.0"]), agent("c", ["bill@1.9.0"])],
      wires: ["bill@>=1.0.0 -> b 1.10.0"],
    },
    {
      name: "most similar is nearest to the lower bound",
      needs: [need("bill@>=1.2.0", "MOST_SIMILAR")],
      agents: [agent("a", ["bill@1.0.0", "bill@2.0.0"]), agent("b", ["bill@1.3.0"])],
      wires: ["bill@>=1.2.0 -> b 1.3.0"],
    },
    {
      name: "a tie goes to the first agent by name",
      needs: [need("bill@^1.0.0"), need("bill@^1.0.0", "MOST_SIMILAR")],
      agents: [agent("b", ["bill@1.0.0"]), agent("a", ["bill@1.0.0"])],
      wires: ["bill@^1.0.0 -> a 1.0.0", "bill@^1.0.0 -> a 1.0.0"],
    },
    {
      name: "one name in two ranges gives two wires",
      needs: [need("bill@^1.0.0"), need("bill@^2.0.0")],
      agents: [agent("a", ["bill@1.1.0", "bill@2.1.0"])],
      wires: ["bill@^1.0.0 -> a 1.1.0", "bill@^2.0.0 -> a 2.1.0"],
    },
    {
      name: "a requirement written twice counts once",
      needs: [need("bill@^1.0.0"), { ...need("bill@^1.0.0"), id: "other" }],
      agents: [agent("a", ["bill@1.0.0"])],
      wires: ["bill@^1.0.0 -> a 1.0.0"],
    },
    {
      name: "nothing required is resolved",
      needs: [],
      agents: [agent("a", ["bill@1.0.0"])],
      wires: [],
    },
    {
      name: "an agent without tenants serves every tenant",
      needs: [need("bill@^1.0.0")],
      agents: [agent("a", ["bill@1.0.0"], { tenants: [] })],
      wires: ["bill@^1.0.0 -> a 1.0.0"],
    },
    {
      name: "a bad version harms only its own capability",
      needs: [need("bill@>=1.0.0"), need("news@>=1.0.0")],
      agents: [agent("a", ["bill@latest", "news@1.0.0"]), agent("b", ["bill@1.0.0"])],
      wires: ["bill@>=1.0.0 -> b 1.0.0", "news@>=1.0.0 -> a 1.0.0"],
    },
    {
      name: "a pre-release must be asked for",
      needs: [need("bill@>=1.0.0-0")],
      agents: [agent("a", ["bill@1.0.0-rc.1", "bill@2.0.0-rc.1"])],
      wires: ["bill@>=1.0.0-0 -> a 1.0.0-rc.1"],
    },
    {
      name: "nobody provides it",
      needs: [need("bill@^1.0.0"), need("news@^1.0.0")],
      agents: [agent("a", ["news@1.0.0"])],
      wires: ["news@^1.0.0 -> a 1.0.0"],
      unmet: ["NoProvider: no agent provides bill"],
    },
    {
      name: "the nearest version is named first",
      needs: [need("bill@^2.0.0")],
      agents: [agent("a", ["bill@1.0.0"]), agent("b", ["bill@1.9.0"]), agent("c", ["bill@7.0.0"])],
      wires: [],
      unmet: [
        "VersionMismatch: b provides bill 1.9.0, which is not in ^2.0.0; a provides bill 1.0.0, which is not in ^2.0.0; c provides bill 7.0.0, which is not in ^2.0.0",
      ],
    },
    {
      name: "the candidate that came furthest gives the cause",
      needs: [need("bill@^1.0.0")],
      agents: [
        agent("a", ["bill@1.0.0"], { subset: "canary" }),
        agent("b", ["bill@1.0.0"], { tenants: ["globex"] }),
        agent("c", ["bill@1.0.0"], { channels: [] }),
        agent("d", ["bill@1.0"]),
      ],
      wires: [],
      unmet: [
        'InvalidVersion: d provides bill in version "1.0", which is not a semantic version such as 1.0.0; c provides bill for no channel, not web; b provides bill for the tenant globex, not acme; 1 more',
      ],
    },
    {
      name: "tenants and names are compared exactly",
      needs: [need("bill@^1.0.0"), need("Bill@^1.0.0")],
      agents: [agent("a", ["bill@1.0.0"], { tenants: ["Acme", "globex"] })],
      wires: [],
      unmet: [
        "TenantMismatch: a provides bill for the tenants Acme, globex, not acme",
        "NoProvider: no agent provides Bill",
      ],
    },
    {
      name: "an empty range is a fault",
      needs: [need("bill@")],
      agents: [agent("a", ["bill@1.0.0"])],
      wires: [],
      unmet: ['InvalidRange: "" is not a version range that any version can satisfy'],
    },
    {
      name: "lowest takes the lowest that fits",
      needs: [need("bill@>=1.2.0", "LOWEST")],
      agents: [agent("a", ["bill@1.0.0", "bill@2.0.0"]), agent("b", ["bill@1.3.0"])],
      wires: ["bill@>=1.2.0 -> b 1.3.0"],
    },
    {
      name: "a tie goes to the agent that serves now",
      needs: [need("bill@^1.0.0")],
      agents: [agent("a", ["bill@1.0.0"]), agent("b", ["bill@1.0.0"])],
      current: [{ name: "bill", range: "^1.0.0", provider: "b" }],
      wires: ["bill@^1.0.0 -> b 1.0.0"],
    },
    {
      name: "a higher version moves a wire unless it is sticky",
      needs: [need("bill@^1.0.0"), need("bill@>=1.0.0", "STICKY")],
      agents: [agent("a", ["bill@1.1.0"]), agent("b", ["bill@1.0.0"])],
      current: [
        { name: "bill", range: "^1.0.0", provider: "b" },
        { name: "bill", range: ">=1.0.0", provider: "b" },
      ],
      wires: ["bill@^1.0.0 -> a 1.1.0", "bill@>=1.0.0 -> b 1.0.0"],
    },
    {
      name: "sticky lets go of an agent that no longer fits",
      needs: [need("bill@^2.0.0", "STICKY")],
      agents: [agent("a", ["bill@2.0.0"]), agent("b", ["bill@1.0.0"])],
      current: [{ name: "bill", range: "^1.0.0", provider: "b" }],
      wires: ["bill@^2.0.0 -> a 2.0.0"],
    },
    {
      name: "an agent that is not ready is passed over for one that is",
      needs: [need("bill@^1.0.0")],
      agents: [agent("a", ["bill@1.1.0"], { ready: false }), agent("b", ["bill@1.0.0"])],
      wires: ["bill@^1.0.0 -> b 1.0.0"],
    },
    {
      name: "the only agent stays wired though it is not ready",
      needs: [need("bill@^1.0.0")],
      agents: [agent("a", ["bill@1.1.0"], { ready: false })],
      wires: ["bill@^1.0.0 -> a 1.1.0"],
    },
    {
      name: "an optional requirement may stay without a wire",
      needs: [need("bill@^1.0.0"), need("news@^1.0.0", "HIGHEST", optional)],
      agents: [agent("a", ["bill@1.0.0"])],
      wires: ["bill@^1.0.0 -> a 1.0.0"],
    },
    {
      name: "multiple wires all that fit, the best first",
      needs: [need("bill@^1.0.0", "HIGHEST", multiple)],
      agents: [agent("a", ["bill@1.0.0"]), agent("b", ["bill@1.1.0"]), agent("c", ["bill@2.0.0"])],
      wires: ["bill@^1.0.0 -> b 1.1.0", "bill@^1.0.0 -> a 1.0.0"],
    },
    {
      name: "a filter chooses by attributes",
      needs: [
        need("bill@^1.0.0", "HIGHEST", { filter: 'attributes.region == "eu" && int(attributes.level) >= 3' }),
      ],
      agents: [
        agentWith("a", "bill@1.2.0", { attributes: { region: "us", level: "9" } }),
        agentWith("b", "bill@1.0.0", { attributes: { region: "eu", level: "10" } }),
        agentWith("c", "bill@1.1.0", {}),
      ],
      wires: ["bill@^1.0.0 -> b 1.0.0"],
    },
    {
      name: "a filter that nothing passes",
      needs: [need("bill@^1.0.0", "HIGHEST", { filter: 'attributes.region == "eu"' })],
      agents: [agentWith("a", "bill@1.0.0", { attributes: { region: "us" } })],
      wires: [],
      unmet: [
        'FilterMismatch: a provides bill 1.0.0, which the filter attributes.region == "eu" does not let through',
      ],
    },
    {
      name: "a mandatory attribute must be named",
      needs: [need("bill@^1.0.0"), need("bill@>=1.0.0", "HIGHEST", { filter: "has(attributes.beta)" })],
      agents: [agentWith("a", "bill@1.0.0", { attributes: { beta: "yes" }, mandatory: ["beta"] })],
      wires: ["bill@>=1.0.0 -> a 1.0.0"],
      unmet: ["FilterMismatch: a provides bill 1.0.0, which asks that a filter names its attribute beta"],
    },
    {
      name: "a filter that cannot be read is a fault",
      needs: [need("bill@^1.0.0", "HIGHEST", { filter: "attributes.region =" })],
      agents: [agent("a", ["bill@1.0.0"])],
      wires: [],
      unmet: ['InvalidFilter: "attributes.region =" is not a filter that can be evaluated within its limits'],
    },
    {
      name: "what is used together comes from one agent",
      needs: [need("pay@^1.0.0"), need("view@>=1.0.0")],
      agents: [{ ...agent("a", ["view@1.0.0"]), capabilities: paying("a") }, agent("b", ["view@2.0.0"])],
      wires: ["pay@^1.0.0 -> a 1.0.0", "view@>=1.0.0 -> a 1.0.0"],
    },
    {
      name: "what is used together cannot come from one agent",
      needs: [need("pay@^1.0.0"), need("view@^2.0.0")],
      agents: [{ ...agent("a", []), capabilities: paying("a") }, agent("b", ["view@2.0.0"])],
      wires: ["pay@^1.0.0 -> a 1.0.0"],
      unmet: [
        "UsesConflict: b provides view, which must come from the same agent as pay, and that comes from a; a provides view 1.0.0, which is not in ^2.0.0",
      ],
    },
    {
      name: "an agent that needs another is wired where that is there",
      needs: [need("bill@^1.0.0")],
      agents: [needing("a", ["bill@1.1.0"], ["ledger@^1.0.0"]), agent("b", ["ledger@1.0.0"])],
      wires: ["bill@^1.0.0 -> a 1.1.0"],
      dependencies: ["a: ledger@^1.0.0 -> b 1.0.0"],
    },
    {
      name: "an agent that lacks another is not wired",
      needs: [need("bill@^1.0.0")],
      agents: [needing("a", ["bill@1.1.0"], ["ledger@^2.0.0"]), agent("b", ["ledger@1.0.0", "bill@1.0.0"])],
      wires: ["bill@^1.0.0 -> b 1.0.0"],
    },
    {
      name: "what is lacking far behind is said",
      needs: [need("bill@^1.0.0")],
      agents: [
        needing("a", ["bill@1.1.0"], ["ledger@^1.0.0"]),
        needing("b", ["ledger@1.0.0"], ["rates@^1.0.0"]),
      ],
      wires: [],
      unmet: [
        "ProviderUnresolved: a provides bill but needs ledger: 1 agents further on, no agent provides rates",
      ],
    },
    {
      name: "agents that only hold each other up are not wired",
      needs: [need("bill@^1.0.0")],
      agents: [
        needing("a", ["bill@1.0.0"], ["ledger@^1.0.0"]),
        needing("b", ["ledger@1.0.0"], ["bill@^1.0.0"]),
      ],
      wires: [],
      unmet: ["Cycle: a provides bill but needs itself: a needs b needs a"],
    },
    {
      name: "a circle is left where another agent will do",
      needs: [need("bill@^1.0.0")],
      agents: [
        needing("a", ["bill@1.0.0"], ["ledger@^1.0.0"]),
        needing("b", ["ledger@1.1.0"], ["bill@^1.0.0"]),
        agent("c", ["ledger@1.0.0"]),
      ],
      wires: ["bill@^1.0.0 -> a 1.0.0"],
      dependencies: ["a: ledger@^1.0.0 -> c 1.0.0"],
    },
    {
      name: "what nobody granted is not wired",
      needs: [need("bill@^1.0.0")],
      agents: [agentWith("a", "bill@1.1.0", { grantedTo: ["globex"] }), agent("b", ["bill@1.0.0"])],
      wires: ["bill@^1.0.0 -> b 1.0.0"],
    },
    {
      name: "a grant that is lacking is said before a version that is",
      needs: [need("bill@^1.0.0")],
      agents: [agentWith("a", "bill@1.1.0", { grantedTo: [] }), agent("b", ["bill@2.0.0"])],
      wires: [],
      unmet: [
        "NotGranted: a is not granted to provide bill 1.1.0 to the tenant acme; b provides bill 2.0.0, which is not in ^1.0.0",
      ],
    },
    {
      name: "a grant to every tenant is one to this",
      needs: [need("bill@^1.0.0")],
      agents: [agentWith("a", "bill@1.1.0", { grantedTo: ["globex", "*"] })],
      wires: ["bill@^1.0.0 -> a 1.1.0"],
    },
    {
      name: "an agent beyond the tenant's quota is not wired",
      needs: [need("bill@^1.0.0")],
      agents: [agent("a", ["bill@1.1.0"], { overQuotaOf: ["acme"] })],
      wires: [],
      unmet: ["AgentQuotaExceeded: a provides bill but is beyond the quota of agents of the tenant acme"],
    },
    {
      name: "an agent that needs another has it granted too, or is not wired",
      needs: [need("bill@^1.0.0")],
      agents: [
        needing("a", ["bill@1.0.0"], ["ledger@^1.0.0"]),
        agentWith("b", "ledger@1.0.0", { grantedTo: [] }),
      ],
      wires: [],
      unmet: [
        "ProviderUnresolved: a provides bill but needs ledger: b is not granted to provide ledger 1.0.0 to the tenant acme",
      ],
    },
  ])("$name", ({ needs, agents, wires, unmet = [], current = [], dependencies = [] }) => {
    const resolution = resolve(needs, agents, current);
    expect(resolution.dependencies.map(dependencyText)).toEqual(dependencies);
    expect(wiresOf(resolution)).toEqual(wires);
    expect(unmetOf(resolution)).toEqual(unmet);
    expect(resolution.kind).toBe(unmet.length === 0 ? "resolved" : "unresolved");
  });
});

describe("a channel that is refused", () => {
  const where = { tenant: "acme", namespace: "shop", channel: "web" };
  it.each<{ refusal: Refusal; text: string }>([
    { refusal: { kind: "TenantNotTrusted", ...where, fault: "tenant" }, text: "there is no Tenant acme" },
    {
      refusal: { kind: "TenantNotTrusted", ...where, fault: "namespace" },
      text: "the namespace shop is not one of the Tenant acme",
    },
    {
      refusal: { kind: "TenantNotTrusted", ...where, fault: "channel" },
      text: "the channel web is not one of the Tenant acme",
    },
    {
      refusal: { kind: "ChannelQuotaExceeded", tenant: "acme", quota: 2 },
      text: "it is beyond the quota of 2 channels of the tenant acme",
    },
  ])("$text", ({ refusal, text }) => {
    const channel = { tenant: "acme", channel: "web", subset: "stable" };
    const requirements = [need("bill@^1.0.0"), need("news@^1.0.0", "HIGHEST", optional)];
    const providers = [agent("a", ["bill@1.0.0", "news@1.0.0"])];
    const resolution = resolveChannel({ channel, requirements, providers, refusal });
    expect(resolution.wires).toEqual([]);
    expect(unmetOf(resolution)).toEqual([`${refusal.kind}: ${text}`, `${refusal.kind}: ${text}`]);
  });

  it("is not resolved although it requires nothing", () => {
    const channel = { tenant: "acme", channel: "web", subset: "stable" };
    const refusal = { kind: "ChannelQuotaExceeded", tenant: "acme", quota: 0 } as const;
    expect(resolveChannel({ channel, requirements: [], providers: [], refusal }).kind).toBe("unresolved");
  });
});

describe("explainCause", () => {
  it("names the subset that a candidate is for", () => {
    const about = { capability: "bill", provider: "a" };
    expect(explainCause({ kind: "SubsetMismatch", ...about, offered: "canary", wanted: "stable" })).toBe(
      "a provides bill for the subset canary, not stable",
    );
  });

  it("stays short when an agent serves many channels", () => {
    const offered = Array.from({ length: 200 }, (_, index) => `channel-${index}`);
    const cause = {
      kind: "ChannelMismatch",
      capability: "bill",
      provider: "a",
      offered,
      wanted: "web",
    } as const;
    expect(explainCause(cause)).toBe(
      "a provides bill for the channels channel-0, channel-1, channel-2, channel-3, channel-4 and others, not web",
    );
  });
});

describe("limits", () => {
  it("gives up where too many combinations would have to be tried, and says so", () => {
    const names = Array.from({ length: 12 }, (_, index) => `part-${String(index).padStart(2, "0")}`);
    const using = (name: string): Capability => {
      return { id: "", name, version: "1.0.0", description: "", examples: [], uses: ["total"] };
    };
    const agents = names.flatMap((name) =>
      [0, 1, 2, 3].map((at) => ({ ...agent(`${name}-${at}`, []), capabilities: [using(name)] })),
    );
    const needs = [...names.map((name) => need(`${name}@^1.0.0`)), need("total@^1.0.0")];
    const resolution = resolve(needs, [...agents, agent("other", ["total@1.0.0"])]);
    expect(unmetOf(resolution)[0]).toBe(
      "SearchBudgetExceeded: no choice of agents for part-00 and what must come with it was found in 100000 tries",
    );
  });

  it("follows a chain of ten thousand agents", () => {
    const chain = Array.from({ length: 10_000 }, (_, at) =>
      needing(`agent-${at}`, [`step-${at}@1.0.0`], at === 9_999 ? [] : [`step-${at + 1}@^1.0.0`]),
    );
    const resolution = resolve([need("step-0@^1.0.0")], chain);
    expect(resolution.kind).toBe("resolved");
    expect(resolution.dependencies).toHaveLength(9_999);
  });
});
