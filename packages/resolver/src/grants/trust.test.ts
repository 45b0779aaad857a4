import { type Tenant, tenantKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { tenantOf, trustFaultOf } from "./trust.ts";

function tenant(name: string, spec: object = {}): Tenant {
  return tenantKind.parse({
    apiVersion: "lmos.eclipse/v1alpha1",
    kind: "Tenant",
    metadata: { name },
    spec: { namespaces: ["shop"], ...spec },
  });
}

const web = { tenant: "acme", channel: "web", namespace: "shop" };

describe("a channel", () => {
  it.each([
    { name: "is believed where nobody made a Tenant", hasTenants: false, of: undefined, fault: undefined },
    { name: "of no Tenant is not trusted", hasTenants: true, of: undefined, fault: "tenant" },
    { name: "of its Tenant is trusted", hasTenants: true, of: tenant("acme"), fault: undefined },
    {
      name: "in another namespace is not trusted",
      hasTenants: true,
      of: tenant("acme", { namespaces: ["home"] }),
      fault: "namespace",
    },
    {
      name: "in a namespace of a pattern is trusted",
      hasTenants: true,
      of: tenant("acme", { namespaces: ["s*"] }),
      fault: undefined,
    },
    {
      name: "of a Tenant without namespaces is not trusted",
      hasTenants: true,
      of: tenant("acme", { namespaces: [] }),
      fault: "namespace",
    },
    {
      name: "that the Tenant may not have is not trusted",
      hasTenants: true,
      of: tenant("acme", { channels: ["ivr", "web-*"] }),
      fault: "channel",
    },
    {
      name: "that the Tenant may have is trusted",
      hasTenants: true,
      of: tenant("acme", { channels: ["w*"] }),
      fault: undefined,
    },
  ])("$name", ({ hasTenants, of, fault }) => {
    expect(trustFaultOf(web, { hasTenants, tenant: of })).toBe(fault);
  });
});

it("the Tenant of an id is the first by name of several", () => {
  const tenants = [tenant("b", { id: "ACME" }), tenant("a", { id: "ACME" }), tenant("acme")];
  expect(tenantOf("ACME", tenants)?.metadata.name).toBe("a");
  expect(tenantOf("acme", tenants)?.metadata.name).toBe("acme");
  expect(tenantOf("b", tenants)).toBeUndefined();
});
