import { describe, expect, it } from "vitest";
import { capabilityGrantKind } from "./capability-grant.ts";
import { customResourceDefinition } from "./crd.ts";
import { tenantIdOf, tenantKind } from "./tenant.ts";

const tenant = (metadata: object, spec?: object) =>
  tenantKind.parse({ apiVersion: "lmos.eclipse/v1alpha1", kind: "Tenant", metadata, spec });

describe("Tenant", () => {
  it("has no namespaces and every channel unless it says otherwise", () => {
    expect(tenant({ name: "acme" }).spec).toEqual({ namespaces: [], channels: ["*"] });
  });

  it.each([
    { name: "its name", spec: undefined, expected: "acme" },
    { name: "its name where the id is empty", spec: { id: "" }, expected: "acme" },
    { name: "its id", spec: { id: "ACME_1" }, expected: "ACME_1" },
  ])("is known by $name", ({ spec, expected }) => {
    expect(tenantIdOf(tenant({ name: "acme" }, spec))).toBe(expected);
  });
});

describe("CapabilityGrant", () => {
  it("grants nobody anything unless it says so", () => {
    const grant = capabilityGrantKind.parse({
      apiVersion: "lmos.eclipse/v1alpha1",
      kind: "CapabilityGrant",
      metadata: { name: "none" },
    });
    expect(grant.spec).toEqual({ providers: [], capabilities: [], tenants: [] });
  });

  it("names the field of a provider without a namespace", () => {
    const spec = { providers: [{ agent: "billing" }] };
    const grant = { apiVersion: "a/v1", kind: "CapabilityGrant", metadata: { name: "none" }, spec };
    expect(() => capabilityGrantKind.parse(grant)).toThrow(/namespace/);
  });
});

it.each([tenantKind, capabilityGrantKind])("$kind is cluster-scoped and of version v1alpha1", (kind) => {
  expect(customResourceDefinition(kind)).toMatchObject({
    spec: { scope: "Cluster", versions: [{ name: "v1alpha1" }] },
  });
});
