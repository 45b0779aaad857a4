import { type Tenant, tenantKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { agentOf, channelOf } from "../testing/objects.ts";
import { agentsBeyondQuota, agentsOf, refusalOf } from "./tenancy.ts";

function tenant(name: string, spec: object = {}): Tenant {
  return tenantKind.parse({
    apiVersion: "lmos.eclipse/v1alpha1",
    kind: "Tenant",
    metadata: { name },
    spec: { namespaces: ["default"], ...spec },
  });
}

function aged<T extends { readonly metadata: object }>(object: T, minute: number, namespace = "default"): T {
  const creationTimestamp = `2026-01-01T00:0${minute}:00Z`;
  return { ...object, metadata: { ...object.metadata, creationTimestamp, namespace } };
}

const channel = channelOf("acme-web", []);
const at = { kind: "TenantNotTrusted", tenant: "acme", namespace: "default", channel: "web" };

describe("a Channel", () => {
  it.each([
    { name: "is believed where nobody made a Tenant", hasTenants: false, of: undefined, expected: undefined },
    {
      name: "of no Tenant is refused",
      hasTenants: true,
      of: undefined,
      expected: { ...at, fault: "tenant" },
    },
    {
      name: "in a namespace of its Tenant may have wires",
      hasTenants: true,
      of: tenant("acme"),
      expected: undefined,
    },
    {
      name: "in a namespace of a pattern may have wires",
      hasTenants: true,
      of: tenant("acme", { namespaces: ["def*"] }),
      expected: undefined,
    },
    {
      name: "in another namespace is refused",
      hasTenants: true,
      of: tenant("acme", { namespaces: ["acme-*"] }),
      expected: { ...at, fault: "namespace" },
    },
    {
      name: "of a Tenant without namespaces is refused",
      hasTenants: true,
      of: tenant("acme", { namespaces: [] }),
      expected: { ...at, fault: "namespace" },
    },
    {
      name: "that its Tenant does not have is refused",
      hasTenants: true,
      of: tenant("acme", { channels: ["ivr"] }),
      expected: { ...at, fault: "channel" },
    },
  ])("$name", ({ hasTenants, of, expected }) => {
    expect(refusalOf(channel, { hasTenants, tenant: of, channels: [channel] })).toEqual(expected);
  });
});

describe("the quota of channels", () => {
  const of = tenant("acme", { quota: { channels: 2 } });
  const channels = [3, 1, 2].map((minute) => aged(channelOf(`channel-${minute}`, []), minute));

  it("goes to the oldest", () => {
    const refused = channels.filter(
      (one) => refusalOf(one, { hasTenants: true, tenant: of, channels }) !== undefined,
    );
    expect(refused.map(({ metadata }) => metadata.name)).toEqual(["channel-3"]);
  });

  it("is not used up by Channels that only say they are the tenant's", () => {
    const foreign = aged(channelOf("foreign", []), 0, "elsewhere");
    const all = [...channels, foreign, aged(foreign, 0, "elsewhere-too")];
    const [third, first] = channels;
    if (first === undefined || third === undefined) throw new TypeError("no channels");
    expect(refusalOf(first, { hasTenants: true, tenant: of, channels: all })).toBeUndefined();
    expect(refusalOf(third, { hasTenants: true, tenant: of, channels: all })).toEqual({
      kind: "ChannelQuotaExceeded",
      tenant: "acme",
      quota: 2,
    });
  });

  it("of Channels of one second goes by name", () => {
    const same = ["b", "a"].map((name) => aged(channelOf(name, []), 1));
    const one = tenant("acme", { quota: { channels: 1 } });
    const refused = same.filter(
      (each) => refusalOf(each, { hasTenants: true, tenant: one, channels: same }) !== undefined,
    );
    expect(refused.map(({ metadata }) => metadata.name)).toEqual(["b"]);
  });
});

describe("the agents of a tenant", () => {
  const serving = (name: string, tenants: string[], minute: number, namespace = "default") => {
    const agent = aged(agentOf(name, []), minute, namespace);
    return { ...agent, spec: { ...agent.spec, supportedTenants: tenants } };
  };
  const agents = [
    serving("young", [], 3),
    serving("old", ["acme"], 1),
    serving("others", ["globex"], 0),
    serving("elsewhere", ["acme"], 0, "elsewhere"),
    serving("middle", ["globex", "acme"], 2),
  ];

  it("are those of its namespaces that serve it", () => {
    expect(agentsOf(tenant("acme"), agents).map(({ metadata }) => metadata.name)).toEqual([
      "young",
      "old",
      "middle",
    ]);
  });

  it.each([
    { quota: undefined, expected: [] },
    { quota: {}, expected: [] },
    { quota: { agents: 3 }, expected: [] },
    { quota: { agents: 2 }, expected: ["young"] },
    { quota: { agents: 0 }, expected: ["old", "middle", "young"] },
    { quota: { agents: -1 }, expected: ["old", "middle", "young"] },
  ])("beyond the quota $quota are $expected", ({ quota, expected }) => {
    const beyond = agentsBeyondQuota(tenant("acme", quota === undefined ? {} : { quota }), agents);
    expect(beyond.map(({ metadata }) => metadata.name)).toEqual(expected);
  });
});
