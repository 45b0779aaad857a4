import { describe, expect, it } from "vitest";
import { explainCause, explainUnmet } from "./explain.ts";
import type { Provider, Requirement, Resolution } from "./model.ts";
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

function need(text: string, strategy: Requirement["strategy"] = "HIGHEST"): Requirement {
  const at = text.indexOf("@");
  return { id: "", name: text.slice(0, at), range: text.slice(at + 1), strategy };
}

function resolve(requirements: readonly Requirement[], providers: readonly Provider[]): Resolution {
  return resolveChannel({
    channel: { tenant: "acme", channel: "web", subset: "stable" },
    requirements,
    providers,
  });
}

function wiresOf(resolution: Resolution): readonly string[] {
  return resolution.wires.map(
    ({ requirement, capability, provider }) =>
      `${requirement.name}@${requirement.range} -> ${provider.name} ${capability.version}`,
  );
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
  ])("$name", ({ needs, agents, wires, unmet = [] }) => {
    const resolution = resolve(needs, agents);
    expect(wiresOf(resolution)).toEqual(wires);
    expect(unmetOf(resolution)).toEqual(unmet);
    expect(resolution.kind).toBe(unmet.length === 0 ? "resolved" : "unresolved");
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
