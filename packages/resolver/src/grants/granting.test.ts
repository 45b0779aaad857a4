import { type CapabilityGrant, capabilityGrantKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import {
  type GrantedAgent,
  grantedTenants,
  isForEveryTenant,
  isGranted,
  namespacesOfGrant,
} from "./granting.ts";

const billing: GrantedAgent = { namespace: "shop", name: "billing", serviceAccount: "billing-account" };
const bill = { name: "view-bill", version: "1.2.0" };

function grant(spec: object): CapabilityGrant {
  const everything = { providers: [{ namespace: "shop" }], capabilities: ["view-bill"], tenants: ["acme"] };
  return capabilityGrantKind.parse({
    apiVersion: "lmos.eclipse/v1alpha1",
    kind: "CapabilityGrant",
    metadata: { name: "one" },
    spec: { ...everything, ...spec },
  });
}

describe("a grant", () => {
  it.each([
    { name: "to a namespace", spec: {}, expected: ["acme"] },
    { name: "to another namespace", spec: { providers: [{ namespace: "other" }] }, expected: [] },
    { name: "to namespaces of a pattern", spec: { providers: [{ namespace: "sh*" }] }, expected: ["acme"] },
    { name: "to nobody", spec: { providers: [] }, expected: [] },
    {
      name: "to an agent",
      spec: { providers: [{ namespace: "shop", agent: "billing" }] },
      expected: ["acme"],
    },
    { name: "to another agent", spec: { providers: [{ namespace: "shop", agent: "news" }] }, expected: [] },
    {
      name: "to a service account",
      spec: { providers: [{ namespace: "shop", serviceAccount: "billing-*" }] },
      expected: ["acme"],
    },
    {
      name: "to another service account",
      spec: { providers: [{ namespace: "shop", serviceAccount: "default" }] },
      expected: [],
    },
    {
      name: "to an agent of another account",
      spec: { providers: [{ namespace: "shop", agent: "billing", serviceAccount: "default" }] },
      expected: [],
    },
    {
      name: "to one of several",
      spec: { providers: [{ namespace: "other" }, { namespace: "shop" }] },
      expected: ["acme"],
    },
    { name: "of another capability", spec: { capabilities: ["view-bills"] }, expected: [] },
    { name: "of capabilities of a pattern", spec: { capabilities: ["view-*"] }, expected: ["acme"] },
    { name: "of no capability", spec: { capabilities: [] }, expected: [] },
    { name: "of a range that fits", spec: { versions: "^1.0.0" }, expected: ["acme"] },
    { name: "of an Ivy range that fits", spec: { versions: "[1.0,2.0[" }, expected: ["acme"] },
    { name: "of a range that does not fit", spec: { versions: "^2.0.0" }, expected: [] },
    { name: "of a range that can't be read", spec: { versions: "banana" }, expected: [] },
    { name: "of an empty range", spec: { versions: "" }, expected: [] },
    { name: "to no tenant", spec: { tenants: [] }, expected: [] },
    { name: "to every tenant", spec: { tenants: ["*"] }, expected: ["*"] },
  ])("$name", ({ spec, expected }) => {
    expect(grantedTenants(billing, bill, [grant(spec)])).toEqual(expected);
  });

  it("to a service account is none to an Agent without a workload", () => {
    const handMade = { ...billing, serviceAccount: undefined };
    const providers = [{ namespace: "shop", serviceAccount: "*" }];
    expect(grantedTenants(handMade, bill, [grant({ providers })])).toEqual([]);
    expect(grantedTenants(handMade, bill, [grant({})])).toEqual(["acme"]);
  });

  it("with a range lets no version in that is not semantic", () => {
    expect(grantedTenants(billing, { ...bill, version: "latest" }, [grant({ versions: "*" })])).toEqual([]);
    expect(grantedTenants(billing, { ...bill, version: "latest" }, [grant({})])).toEqual(["acme"]);
  });

  it("S2 of a pattern lets no name in that looks like another one; such a name must be granted by itself", () => {
    const spoofed = { name: "v\u0456ew-bill", version: "1.0.0" };
    expect(grantedTenants(billing, spoofed, [grant({ capabilities: ["*"] })])).toEqual([]);
    expect(grantedTenants(billing, spoofed, [grant({ capabilities: ["view-bill"] })])).toEqual([]);
    expect(grantedTenants(billing, spoofed, [grant({ capabilities: [spoofed.name] })])).toEqual(["acme"]);
  });

  it("S2 of a range lets no squatter in", () => {
    const squatting = { name: "view-bill", version: "999.0.0" };
    expect(grantedTenants(billing, squatting, [grant({ versions: ">=1.0.0 <2.0.0" })])).toEqual([]);
  });
});

it("several grants add up, in one order", () => {
  const grants = [
    grant({ tenants: ["globex", "acme"] }),
    grant({ tenants: ["acme"] }),
    grant({ tenants: ["initech"] }),
  ];
  expect(grantedTenants(billing, bill, grants)).toEqual(["acme", "globex", "initech"]);
  expect(grantedTenants(billing, bill, grants.toReversed())).toEqual(["acme", "globex", "initech"]);
});

it.each([
  { tenant: "acme", expected: true },
  { tenant: "Acme", expected: false },
  { tenant: "", expected: false },
  { tenant: "*", expected: false },
  { tenant: "acme-2", expected: false },
])("is granted to $tenant: $expected", ({ tenant, expected }) => {
  expect(isGranted(billing, bill, { tenant, grants: [grant({})] })).toBe(expected);
});

it.each([
  { patterns: ["*"], expected: true },
  { patterns: ["acme", "**"], expected: true },
  { patterns: ["acme*"], expected: false },
  { patterns: [], expected: false },
  { patterns: [""], expected: false },
])("$patterns is for every tenant: $expected", ({ patterns, expected }) => {
  expect(isForEveryTenant(patterns)).toBe(expected);
});

it.each([
  { providers: [], namespaces: [] },
  { providers: [{ namespace: "a" }, { namespace: "b" }, { namespace: "a" }], namespaces: ["a", "b"] },
  { providers: [{ namespace: "a-*" }, { namespace: "b" }, { namespace: "*" }], namespaces: ["*", "b"] },
])("concerns the namespaces $namespaces", ({ providers, namespaces }) => {
  expect(namespacesOfGrant(grant({ providers }))).toEqual(namespaces);
});
