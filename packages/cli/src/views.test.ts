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

it.each([
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
