import { capabilityGrantKind, tenantKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { completeColumns, withView } from "./views.ts";

const apiVersion = "lmos.eclipse/v1alpha1";
const nowMs = Date.UTC(2026, 0, 1);

describe("withView", () => {
  it.each([
    { names: ["agents", "agent", "ag", "Agents"], kind: "Agent" },
    { names: ["channels", "channel", "ch"], kind: "Channel" },
    { names: ["channelroutings", "routings", "cr"], kind: "ChannelRouting" },
    { names: ["channelrollouts", "rollouts", "crl"], kind: "ChannelRollout" },
    { names: ["tenants", "tenant", "ten"], kind: "Tenant" },
    { names: ["capabilitygrants", "grants", "grant", "cg"], kind: "CapabilityGrant" },
  ])("knows $kind under all its names", ({ names, kind }) => {
    expect(names.map((name) => withView(name, ({ type }) => type.kind))).toEqual(names.map(() => kind));
  });

  it("names what it knows", () => {
    expect(() => withView("pods", () => undefined)).toThrow(
      /use one of agents, channels, channelroutings, channelrollouts, tenants, capabilitygrants/,
    );
  });
});

const condition = {
  type: "Ready",
  status: "False",
  reason: "NotReady",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};
const created = "2025-12-31T00:00:00Z";

it.each([
  {
    kind: "agents",
    object: {
      apiVersion: "lmos.eclipse/v1",
      kind: "Agent",
      metadata: { name: "billing", labels: { subset: "canary" }, creationTimestamp: created },
      spec: { supportedChannels: ["web", "ivr"] },
      status: { capabilities: 2, host: "billing.shop.svc.cluster.local", conditions: [condition] },
    },
    cells: {
      NAME: "billing",
      READY: "False",
      CAPABILITIES: "2",
      SUBSET: "canary",
      CHANNELS: "web,ivr",
      HOST: "billing.shop.svc.cluster.local",
      REASON: "NotReady",
      AGE: "24h",
    },
  },
  {
    kind: "agents",
    object: { apiVersion: "lmos.eclipse/v1", kind: "Agent", metadata: { name: "new" } },
    cells: {
      NAME: "new",
      READY: "",
      CAPABILITIES: "",
      SUBSET: "stable",
      CHANNELS: "",
      HOST: "",
      REASON: "",
      AGE: "",
    },
  },
  {
    kind: "channels",
    object: {
      apiVersion: "lmos.eclipse/v1",
      kind: "Channel",
      metadata: { name: "acme-web", labels: { tenant: "acme", channel: "web" }, creationTimestamp: created },
      status: { resolveStatus: "UNRESOLVED", resolved: "1/2", agents: 0, unresolved: "news@*" },
    },
    cells: {
      NAME: "acme-web",
      TENANT: "acme",
      CHANNEL: "web",
      SUBSET: "stable",
      STATUS: "UNRESOLVED",
      RESOLVED: "1/2",
      AGENTS: "0",
      UNRESOLVED: "news@*",
    },
  },
  {
    kind: "routings",
    object: {
      apiVersion: "lmos.eclipse/v1",
      kind: "ChannelRouting",
      metadata: { name: "acme-web", labels: { tenant: "acme", channel: "web" } },
      spec: {
        capabilityGroups: [
          {
            name: "billing",
            capabilities: [1, 2].map((at) => ({ name: `c${at}`, providedVersion: "1.0.0" })),
          },
          { name: "news", capabilities: [{ name: "c3", providedVersion: "1.0.0" }] },
        ],
      },
    },
    cells: {
      NAME: "acme-web",
      TENANT: "acme",
      CHANNEL: "web",
      SUBSET: "stable",
      AGENTS: "billing,news",
      WIRES: "3",
    },
  },
  {
    kind: "rollouts",
    object: {
      apiVersion: "lmos.eclipse/v1",
      kind: "ChannelRollout",
      metadata: { name: "web" },
      spec: {
        strategy: {
          canary: { stableChannel: { name: "web" }, canaryChannel: { name: "web-next", weight: 20 } },
        },
      },
    },
    cells: { NAME: "web", STABLE: "web", CANARY: "web-next", WEIGHT: "20" },
  },
  {
    kind: "tenants",
    object: tenantKind.parse({
      apiVersion,
      kind: "Tenant",
      metadata: { name: "acme" },
      spec: { id: "ACME", namespaces: ["shop", "acme-*"], quota: { channels: 3 } },
    }),
    cells: {
      NAME: "acme",
      ID: "ACME",
      NAMESPACES: "shop,acme-*",
      CHANNELS: "*",
      "MAX-CHANNELS": "3",
      "MAX-AGENTS": "",
    },
  },
  {
    kind: "grants",
    object: capabilityGrantKind.parse({
      apiVersion,
      kind: "CapabilityGrant",
      metadata: { name: "bills" },
      spec: {
        providers: [{ namespace: "shop" }, { namespace: "bank", agent: "billing", serviceAccount: "robot" }],
        capabilities: ["bill-*"],
        versions: "^1.0.0",
        tenants: ["acme"],
      },
    }),
    cells: {
      NAME: "bills",
      PROVIDERS: "shop,bank/billing@robot",
      CAPABILITIES: "bill-*",
      VERSIONS: "^1.0.0",
      TENANTS: "acme",
    },
  },
])("shows $kind", ({ kind, object, cells }) => {
  withView(kind, (view) => {
    const columns = completeColumns(view, { withNamespace: false, nowMs });
    const shown = columns.map(({ title, cell }) => [title, cell(view.type.parse(object))]);
    expect(Object.fromEntries(shown)).toMatchObject(cells);
  });
});

it("stands with its namespace before its name where that is asked for", () => {
  withView("channels", (view) => {
    const titles = (withNamespace: boolean) =>
      completeColumns(view, { withNamespace, nowMs }).map(({ title }) => title);
    expect(titles(true)).toEqual(["NAMESPACE", ...titles(false)]);
  });
});
