import type { Provider, Requirement } from "@lmos/resolver";
import { describe, expect, it } from "vitest";
import { remedyFor } from "./remedy.ts";
import { examine, readAddress } from "./why.ts";
import { requirementLines } from "./why-text.ts";

const web = { tenant: "acme", channel: "web", subset: "stable" };
const nothing = new Map<string, string>();
const channel = { namespace: "shop", name: "acme-web", workloads: nothing, tenants: nothing };
const requirement: Requirement = { id: "news", name: "get-news", range: ">=2.0.0", strategy: "HIGHEST" };

describe("examine", () => {
  it.each([
    {
      name: "the only fitting agent is wired",
      providers: [provider("news", "2.1.0")],
      fates: [["news", "wired"]],
    },
    {
      name: "a lower version that fits is outranked",
      providers: [provider("old-news", "2.0.0"), provider("news", "2.1.0")],
      fates: [
        ["news", "wired"],
        ["old-news", "outranked"],
      ],
    },
    {
      name: "each candidate that does not fit says why",
      providers: [provider("news", "1.4.0"), { ...provider("canary-news", "2.1.0"), subset: "canary" }],
      fates: [
        ["news", "VersionMismatch"],
        ["canary-news", "SubsetMismatch"],
      ],
    },
    { name: "no candidate at all", providers: [], fates: [] },
  ])("$name", ({ providers, fates }) => {
    const [examined] = examine(web, [requirement], providers);
    const seen = examined?.candidates.map(({ agent, fate }) => [
      agent,
      fate.kind === "rejected" ? fate.cause.kind : fate.kind,
    ]);
    expect(seen).toEqual(fates);
    expect(examined?.cause === undefined).toBe(examined?.wired !== undefined);
  });
});

describe("remedyFor", () => {
  it("names the label of another subset", () => {
    const [examined] = examine(web, [requirement], [{ ...provider("news", "2.1.0"), subset: "canary" }]);
    expect(examined?.cause && remedyFor(examined.cause)).toContain("label news subset=stable");
  });
});

describe("agents that need others, or are not ready", () => {
  it("are judged among all agents", () => {
    const ledger = { ...requirement, name: "ledger" };
    const needing = { ...provider("a", "2.1.0"), requirements: [ledger] };
    const helping = provider("b", "2.0.0");
    const capabilities = helping.capabilities.map((one) => ({ ...one, name: "ledger" }));
    const [examined] = examine(
      web,
      [requirement],
      [
        needing,
        { ...helping, capabilities },
        provider("c", "2.2.0"),
        { ...provider("d", "3.0.0"), ready: false },
      ],
    );
    expect(
      examined?.candidates.map(({ agent, fate }) => [
        agent,
        fate.kind === "rejected" ? fate.cause.kind : fate.kind,
      ]),
    ).toEqual([
      ["c", "wired"],
      ["a", "outranked"],
      ["d", "ProviderNotReady"],
    ]);
  });

  it("leave the current agent its wire among equals", () => {
    const current = [{ name: "get-news", range: ">=2.0.0", provider: "b" }];
    const [examined] = examine(
      { ...web, current },
      [requirement],
      [provider("a", "2.0.0"), provider("b", "2.0.0")],
    );
    expect(examined?.wired?.agent).toBe("b");
  });
});

describe("grants", () => {
  it("reject a candidate that nobody granted", () => {
    const [granted, squatter] = [provider("news", "2.0.0"), provider("squatter", "999.0.0")];
    const capabilities = squatter.capabilities.map((one) => ({ ...one, grantedTo: ["globex"] }));
    const [examined] = examine(web, [requirement], [granted, { ...squatter, capabilities }]);
    expect(examined?.wired?.agent).toBe("news");
    expect(examined?.candidates.at(-1)).toMatchObject({
      agent: "squatter",
      fate: { cause: { kind: "NotGranted" } },
    });
  });

  it("reject every candidate of a channel that is refused, and name the command", () => {
    const refusal = {
      kind: "TenantNotTrusted",
      tenant: "acme",
      namespace: "shop",
      channel: "web",
      fault: "namespace",
    } as const;
    const [examined] = examine({ ...web, refusal }, [requirement], [provider("news", "2.0.0")]);
    if (examined === undefined) throw new TypeError("nothing examined");
    const plain = { paint: (_color: unknown, text: string) => text };
    expect(requirementLines(examined, { detailed: false, terminal: plain, channel })).toEqual([
      "✗ get-news >=2.0.0 is not provided",
      "    news 2.0.0: the namespace shop is not one of the Tenant acme",
      '    fix: add "shop" to spec.namespaces of the Tenant acme',
      "    run: kubectl edit tenant acme",
    ]);
  });
});

describe("requirementLines", () => {
  const plain = { paint: (_color: unknown, text: string) => text };

  it.each([
    {
      name: "a wired requirement in one line",
      providers: [provider("news", "2.1.0"), provider("old-news", "2.0.0")],
      detailed: false,
      lines: ["✓ get-news >=2.0.0 → news 2.1.0"],
    },
    {
      name: "and with its candidates when asked for one capability",
      providers: [provider("news", "2.1.0"), provider("old-news", "2.0.0")],
      detailed: true,
      lines: [
        "✓ get-news >=2.0.0 → news 2.1.0",
        "    news 2.1.0: wired",
        "    old-news 2.0.0: fits, but another was preferred",
      ],
    },
    {
      name: "an unmet requirement with cause and remedy",
      providers: [],
      detailed: false,
      lines: [
        "✗ get-news >=2.0.0 is not provided",
        "    no agent provides get-news",
        "    fix: deploy an agent that provides get-news, or take it out of the channel's requiredCapabilities",
        "    run: kubectl -n shop edit channel acme-web",
      ],
    },
  ])("$name", ({ providers, detailed, lines }) => {
    const examined = examine(web, [requirement], providers);
    expect(examined.flatMap((one) => requirementLines(one, { detailed, terminal: plain, channel }))).toEqual(
      lines,
    );
  });
});

function provider(name: string, version: string): Provider {
  const capability = { id: "news", name: "get-news", version, description: "", examples: [] };
  return {
    name,
    description: "",
    host: name,
    subset: "stable",
    tenants: [],
    channels: ["web"],
    capabilities: [capability],
  };
}

it.each([
  { address: "acme-web", name: "acme-web", capability: undefined },
  { address: "acme-web/bill", name: "acme-web", capability: "bill" },
  { address: "acme-web/bill/view", name: "acme-web", capability: "bill/view" },
  { address: "acme-web/", name: "acme-web", capability: "" },
])("reads $address", ({ address, name, capability }) => {
  expect(readAddress(address)).toEqual({ name, capability });
});
