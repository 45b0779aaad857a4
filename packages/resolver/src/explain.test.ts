import { describe, expect, it } from "vitest";
import { type Cause, nearness } from "./cause.ts";
import { explainCause, explainUnmet } from "./explain.ts";
import type { Provider, RejectedCandidate, Requirement } from "./model.ts";

const of = { capability: "bill", provider: "billing" };
const mismatch = { kind: "VersionMismatch", ...of, version: "1.0.0", range: "^2.0.0" } as const;

/** Every cause in words, by its kind: a kind without a row is an error of types. */
const words: Readonly<Record<Cause["kind"], readonly { readonly cause: Cause; readonly says: string }[]>> = {
  NoProvider: [{ cause: { kind: "NoProvider", capability: "bill" }, says: "no agent provides bill" }],
  InvalidRange: [
    { cause: { kind: "InvalidRange", capability: "bill", range: "banana" }, says: "banana" },
    { cause: { kind: "InvalidRange", capability: "bill", range: "" }, says: '"" is not a version range' },
  ],
  InvalidFilter: [{ cause: { kind: "InvalidFilter", capability: "bill", filter: "a ==" }, says: "a ==" }],
  SearchBudgetExceeded: [
    {
      cause: { kind: "SearchBudgetExceeded", capability: "bill", tried: 100_000 },
      says: "no choice of agents for bill and what must come with it was found in 100000 tries",
    },
  ],
  SubsetMismatch: [
    { cause: { kind: "SubsetMismatch", ...of, offered: "canary", wanted: "stable" }, says: "canary" },
  ],
  TenantMismatch: [
    {
      cause: { kind: "TenantMismatch", ...of, offered: ["globex"], wanted: "acme" },
      says: "the tenant globex",
    },
    {
      cause: {
        kind: "TenantMismatch",
        ...of,
        offered: ["a", "b", "c", "d", "e", "f"],
        wanted: "acme",
      },
      says: "the tenants a, b, c, d, e and others",
    },
  ],
  ChannelMismatch: [
    { cause: { kind: "ChannelMismatch", ...of, offered: [], wanted: "web" }, says: "no channel" },
  ],
  InvalidVersion: [{ cause: { kind: "InvalidVersion", ...of, version: "1.0" }, says: "1.0" }],
  VersionMismatch: [{ cause: mismatch, says: "billing provides bill 1.0.0, which is not in ^2.0.0" }],
  FilterMismatch: [
    { cause: { kind: "FilterMismatch", ...of, version: "1.0.0", filter: "false" }, says: "the filter false" },
    {
      cause: { kind: "FilterMismatch", ...of, version: "1.0.0", filter: "", unmentioned: "region" },
      says: "asks that a filter names its attribute region",
    },
  ],
  NotGranted: [{ cause: { kind: "NotGranted", ...of, version: "1.0.0", tenant: "acme" }, says: "acme" }],
  AgentQuotaExceeded: [{ cause: { kind: "AgentQuotaExceeded", ...of, tenant: "acme" }, says: "acme" }],
  TenantNotTrusted: (["tenant", "namespace", "channel"] as const).map((fault) => ({
    cause: { kind: "TenantNotTrusted", tenant: "acme", namespace: "shop", channel: "web", fault },
    says: {
      tenant: "there is no Tenant acme",
      namespace: "the namespace shop is not one of the Tenant acme",
      channel: "the channel web is not one of the Tenant acme",
    }[fault],
  })),
  ChannelQuotaExceeded: [{ cause: { kind: "ChannelQuotaExceeded", tenant: "acme", quota: 3 }, says: "3" }],
  ProviderUnresolved: [
    {
      cause: {
        kind: "ProviderUnresolved",
        ...of,
        requires: "ledger",
        because: { ...mismatch, provider: "books" },
      },
      says: "books provides bill 1.0.0, which is not in ^2.0.0",
    },
  ],
  Cycle: [{ cause: { kind: "Cycle", ...of, path: ["billing", "books", "billing"] }, says: "books" }],
  ProviderNotReady: [
    { cause: { kind: "ProviderNotReady", ...of }, says: "billing provides bill but is not ready" },
  ],
  UsesConflict: [
    {
      cause: { kind: "UsesConflict", ...of, other: "view", otherProvider: "books" },
      says: "must come from the same agent as view, and that comes from books",
    },
  ],
};

describe("a cause in words", () => {
  it.each(Object.entries(words).flatMap(([kind, rows]) => rows.map((row) => ({ kind, ...row }))))(
    "$kind: $says",
    ({ cause, says }) => {
      const text = explainCause(cause);
      expect(text).toContain(says);
      expect(text).not.toContain("undefined");
      expect(text).not.toContain("\n");
    },
  );

  it("names the last fault of a chain of agents, and how far on that is", () => {
    const chain = ["a", "b", "c", "d"].reduce<Cause>(
      (because, provider) => ({
        kind: "ProviderUnresolved",
        capability: "x",
        provider,
        requires: "y",
        because,
      }),
      { kind: "NoProvider", capability: "ledger" },
    );
    const text = explainCause(chain);
    expect(text).toContain("3 agents further on, no agent provides ledger");
    expect(text.length).toBeLessThan(200);
  });
});

describe("an unmet requirement in words", () => {
  const requirement: Requirement = { id: "", name: "bill", range: "^2.0.0", strategy: "HIGHEST" };
  const provider: Provider = {
    ...{ name: "billing", description: "", host: "", subset: "stable", tenants: [], channels: [] },
    capabilities: [],
  };
  const candidate = (name: string): RejectedCandidate => ({
    provider,
    capability: { id: "", name: "bill", version: "1.0.0", description: "", examples: [] },
    cause: { ...mismatch, provider: name },
  });
  const said = (name: string): string => `${name} provides bill 1.0.0, which is not in ^2.0.0`;

  it.each([
    { name: "its cause where there is no candidate", names: [], text: "no agent provides bill" },
    { name: "a candidate", names: ["a"], text: said("a") },
    { name: "three candidates", names: ["a", "b", "c"], text: ["a", "b", "c"].map(said).join("; ") },
    {
      name: "three, and how many more there are",
      names: ["a", "b", "c", "d", "e"],
      text: [...["a", "b", "c"].map(said), "2 more"].join("; "),
    },
  ])("is $name", ({ names, text }) => {
    const cause: Cause = { kind: "NoProvider", capability: "bill" };
    expect(explainUnmet({ requirement, cause, candidates: names.map(candidate) })).toBe(text);
  });
});

it("ranks how near a candidate came by how many filters it passed, no two alike where there is a candidate", () => {
  const ranks = Object.values(nearness).filter((rank) => rank > 0);
  expect(new Set(ranks).size).toBe(ranks.length);
  expect(nearness.VersionMismatch).toBeGreaterThan(nearness.ChannelMismatch);
  expect(nearness.NotGranted).toBeGreaterThan(nearness.FilterMismatch);
});
