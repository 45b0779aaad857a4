import { readFileSync } from "node:fs";
import type { Cause } from "@lmos/resolver";
import { expect, it } from "vitest";
import { remedyFor } from "./remedy.ts";

const about = { capability: "bill", provider: "billing" };
const at = { kind: "TenantNotTrusted", tenant: "acme", namespace: "shop", channel: "web" } as const;

/** One of every kind: a new one has to be given a remedy here. */
const remedies: Readonly<Record<Cause["kind"], readonly [cause: Cause, remedy: RegExp]>> = {
  NoProvider: [{ kind: "NoProvider", capability: "bill" }, /^deploy an agent that provides bill/],
  InvalidRange: [{ kind: "InvalidRange", capability: "bill", range: "" }, /such as ">=1.0.0"/],
  InvalidFilter: [{ kind: "InvalidFilter", capability: "bill", filter: "x" }, /^correct the filter of bill/],
  SubsetMismatch: [
    { kind: "SubsetMismatch", ...about, offered: "stable", wanted: "canary" },
    /^label billing subset=canary/,
  ],
  TenantMismatch: [
    { kind: "TenantMismatch", ...about, offered: [], wanted: "acme" },
    /^add "acme" to the supportedTenants of billing/,
  ],
  ChannelMismatch: [
    { kind: "ChannelMismatch", ...about, offered: [], wanted: "web" },
    /^add "web" to the supportedChannels of billing/,
  ],
  InvalidVersion: [
    { kind: "InvalidVersion", ...about, version: "1" },
    /^give bill of billing a semantic version/,
  ],
  VersionMismatch: [
    { kind: "VersionMismatch", ...about, version: "1.0.0", range: "^2.0.0" },
    /^deploy a version of billing in \^2.0.0/,
  ],
  FilterMismatch: [
    { kind: "FilterMismatch", ...about, version: "1.0.0", filter: "x" },
    /^give bill of billing/,
  ],
  NotGranted: [
    { kind: "NotGranted", ...about, version: "1.0.0", tenant: "acme" },
    /name the agent billing, the capability bill in 1.0.0 and the tenant acme$/,
  ],
  AgentQuotaExceeded: [
    { kind: "AgentQuotaExceeded", ...about, tenant: "acme" },
    /of the Tenant acme, or remove/,
  ],
  TenantNotTrusted: [{ ...at, fault: "tenant" }, /^apply a Tenant acme with the namespace shop/],
  ChannelQuotaExceeded: [
    { kind: "ChannelQuotaExceeded", tenant: "acme", quota: 1 },
    /^raise spec.quota.channels of the Tenant acme/,
  ],
  ProviderUnresolved: [
    {
      kind: "ProviderUnresolved",
      ...about,
      requires: "ledger",
      because: { kind: "NoProvider", capability: "ledger" },
    },
    /^billing needs ledger: deploy an agent that provides ledger/,
  ],
  Cycle: [{ kind: "Cycle", ...about, path: ["a", "b", "a"] }, /^break the circle a → b → a/],
  ProviderNotReady: [{ kind: "ProviderNotReady", ...about }, /^see why billing is not ready$/],
  UsesConflict: [
    { kind: "UsesConflict", ...about, other: "view", otherProvider: "b" },
    /^let b provide bill too, or billing provide view/,
  ],
  SearchBudgetExceeded: [
    { kind: "SearchBudgetExceeded", capability: "bill", tried: 1 },
    /^require narrower versions/,
  ],
};

it.each(Object.entries(remedies))("%s", (_kind, [cause, remedy]) => {
  expect(remedyFor(cause)).toMatch(remedy);
});

it("every cause has its row in docs/unresolved-channel.md", () => {
  const text = readFileSync(new URL("../../../docs/unresolved-channel.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `"));
  const named = rows.flatMap((row) => row.split("|")[1]?.match(/\w+/g) ?? []);
  expect(new Set(named)).toEqual(new Set([...Object.keys(remedies)]));
});

it.each([
  { fault: "namespace", remedy: 'add "shop" to spec.namespaces of the Tenant acme' },
  { fault: "channel", remedy: 'add "web" to spec.channels of the Tenant acme' },
] as const)("a tenant that does not have the $fault", ({ fault, remedy }) => {
  expect(remedyFor({ ...at, fault })).toBe(remedy);
});
