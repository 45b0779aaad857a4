import type { Cause } from "@lmos/resolver";
import { capabilityGrantKind, tenantKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { mendingCommand } from "./mending-command.ts";

const about = { capability: "bill", provider: "billing" };
const at = { kind: "TenantNotTrusted", tenant: "ACME_1", namespace: "shop", channel: "web" } as const;
const nothing = new Map<string, string>();
const handMade = { namespace: "shop", name: "acme-web", workloads: nothing, tenants: nothing };
const discovered = { ...handMade, workloads: new Map([["billing", "StatefulSet"]]) };
const edit = "kubectl -n shop edit channel acme-web";

/** One of every kind: a new one has to be given a command here. */
const commands: Readonly<Record<Cause["kind"], readonly [cause: Cause, command: string | undefined]>> = {
  NoProvider: [{ kind: "NoProvider", capability: "bill" }, edit],
  InvalidRange: [{ kind: "InvalidRange", capability: "bill", range: "" }, edit],
  InvalidFilter: [{ kind: "InvalidFilter", capability: "bill", filter: "x" }, edit],
  VersionMismatch: [{ kind: "VersionMismatch", ...about, version: "1.0.0", range: "^2.0.0" }, edit],
  FilterMismatch: [{ kind: "FilterMismatch", ...about, version: "1.0.0", filter: "x" }, edit],
  UsesConflict: [{ kind: "UsesConflict", ...about, other: "view", otherProvider: "b" }, edit],
  SearchBudgetExceeded: [{ kind: "SearchBudgetExceeded", capability: "bill", tried: 1 }, edit],
  SubsetMismatch: [
    { kind: "SubsetMismatch", ...about, offered: "stable", wanted: "canary" },
    "kubectl -n shop label agent billing subset=canary --overwrite",
  ],
  TenantMismatch: [
    { kind: "TenantMismatch", ...about, offered: ["globex"], wanted: "acme" },
    `kubectl -n shop patch agent billing --type=merge -p '{"spec":{"supportedTenants":["globex","acme"]}}'`,
  ],
  ChannelMismatch: [
    { kind: "ChannelMismatch", ...about, offered: [], wanted: "web" },
    `kubectl -n shop patch agent billing --type=merge -p '{"spec":{"supportedChannels":["web"]}}'`,
  ],
  InvalidVersion: [{ kind: "InvalidVersion", ...about, version: "1" }, "kubectl -n shop edit agent billing"],
  Cycle: [
    { kind: "Cycle", ...about, path: ["billing", "b", "billing"] },
    "kubectl -n shop edit agent billing",
  ],
  ProviderNotReady: [{ kind: "ProviderNotReady", ...about }, "kubectl -n shop describe agent billing"],
  ProviderUnresolved: [
    {
      kind: "ProviderUnresolved",
      ...about,
      requires: "ledger",
      because: { kind: "ProviderNotReady", capability: "ledger", provider: "books" },
    },
    "kubectl -n shop describe agent books",
  ],
  NotGranted: [
    { kind: "NotGranted", ...about, version: "1.0.0", tenant: "acme" },
    `echo '{"apiVersion":"lmos.eclipse/v1alpha1","kind":"CapabilityGrant","metadata":{"name":"acme-shop-billing-bill-1-0-0"},"spec":{"providers":[{"namespace":"shop","agent":"billing"}],"capabilities":["bill"],"versions":"1.0.0","tenants":["acme"]}}' | kubectl create -f -`,
  ],
  AgentQuotaExceeded: [{ kind: "AgentQuotaExceeded", ...about, tenant: "acme" }, "kubectl edit tenant acme"],
  ChannelQuotaExceeded: [
    { kind: "ChannelQuotaExceeded", tenant: "acme", quota: 1 },
    "kubectl edit tenant acme",
  ],
  TenantNotTrusted: [
    { ...at, fault: "tenant" },
    `echo '{"apiVersion":"lmos.eclipse/v1alpha1","kind":"Tenant","metadata":{"name":"acme-1"},"spec":{"id":"ACME_1","namespaces":["shop"]}}' | kubectl create -f -`,
  ],
};

it.each(Object.entries(commands))("%s", (_kind, [cause, command]) => {
  expect(mendingCommand(cause, handMade)).toBe(command);
});

describe("an agent that is discovered", () => {
  it.each([
    {
      name: "is labelled through its workload",
      cause: commands.SubsetMismatch[0],
      command: "kubectl -n shop label statefulset billing subset=canary --overwrite",
    },
    { name: "says itself whom it serves", cause: commands.TenantMismatch[0], command: undefined },
    { name: "says itself on which channels", cause: commands.ChannelMismatch[0], command: undefined },
    { name: "says itself in which version", cause: commands.InvalidVersion[0], command: undefined },
    {
      name: "is granted like any other",
      cause: commands.NotGranted[0],
      command: commands.NotGranted[1],
    },
  ])("$name", ({ cause, command }) => {
    expect(mendingCommand(cause, discovered)).toBe(command);
  });
});

it.each(["namespace", "channel"] as const)("a Tenant that lacks the %s is edited", (fault) => {
  expect(mendingCommand({ ...at, fault }, handMade)).toBe("kubectl edit tenant ACME_1");
});

it.each([
  { name: "grant", kind: capabilityGrantKind, cause: commands.NotGranted[0] },
  { name: "Tenant", kind: tenantKind, cause: commands.TenantNotTrusted[0] },
])("applies a $name that can be read", ({ kind, cause }) => {
  const [, json = ""] = /^echo '(.*)' \|/.exec(mendingCommand(cause, handMade) ?? "") ?? [];
  expect(() => kind.parse(JSON.parse(json))).not.toThrow();
});

it("keeps a quote within the word of the shell", () => {
  const cause: Cause = { kind: "TenantMismatch", ...about, offered: [], wanted: "o'neill" };
  expect(mendingCommand(cause, handMade)).toContain(`o'\\''neill`);
});

it("gives a grant a name that a server takes, however long those of agent and capability are", () => {
  const long: Cause = {
    kind: "NotGranted",
    capability: "Bill_".repeat(50),
    provider: "b".repeat(250),
    version: "1.0.0",
    tenant: "acme",
  };
  const [, name = ""] = /"name":"([^"]*)"/.exec(mendingCommand(long, handMade) ?? "") ?? [];
  expect(name).toMatch(/^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$/);
});

it.each([
  { name: "a namespace that is not the tenant's", cause: { ...at, fault: "namespace" } },
  { name: "a channel that is not the tenant's", cause: { ...at, fault: "channel" } },
  { name: "too many channels", cause: { kind: "ChannelQuotaExceeded", tenant: "ACME_1", quota: 1 } },
  { name: "too many agents", cause: { kind: "AgentQuotaExceeded", ...about, tenant: "ACME_1" } },
] as const satisfies readonly { name: string; cause: Cause }[])(
  "edits the Tenant by its own name where its id is another one: $name",
  ({ cause }) => {
    const tenants = new Map([["ACME_1", "acme-corp"]]);
    expect(mendingCommand(cause, { ...handMade, tenants })).toBe("kubectl edit tenant acme-corp");
    expect(mendingCommand(cause, handMade)).toBe("kubectl edit tenant ACME_1");
  },
);
