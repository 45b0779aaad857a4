import type { CapabilityGrant, ChannelRouting } from "@lmos/resources";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grantOf, tenantOfName } from "../testing/grants.ts";
import { routingOf } from "../testing/routings.ts";
import { type GrantKnowledge, grantedRouting } from "./granted-routing.ts";

const hostOf = (name: string, namespace = "default"): string => `${name}.${namespace}.svc.cluster.local`;
const agent = (name: string, capability: string, host = hostOf(name)) => ({ name, host, capability });
const routing = routingOf([agent("billing", "bill"), agent("news", "headlines")]);

function knowing(...grants: readonly CapabilityGrant[]): GrantKnowledge {
  return { hasTenants: false, tenant: undefined, grants };
}

function withAccount(account: string | undefined, of: ChannelRouting = routing): ChannelRouting {
  const capabilityGroups = of.spec.capabilityGroups.map((group) => ({ ...group, serviceAccount: account }));
  return { ...of, spec: { ...of.spec, capabilityGroups } };
}

/** What is served, as texts. */
function servedOf(granted: ReturnType<typeof grantedRouting>): readonly string[] {
  const groups = granted.routing?.spec.capabilityGroups ?? [];
  return groups.flatMap(({ name, capabilities }) => capabilities.map((each) => `${each.name} of ${name}`));
}

const both = ["bill of billing", "headlines of news"];

describe("S1 of a routing is served", () => {
  it.each<{ name: string; grants: readonly CapabilityGrant[]; served: readonly string[] }>([
    { name: "all of it, where all is granted", grants: [grantOf("all")], served: both },
    { name: "nothing, where nobody granted anything", grants: [], served: [] },
    {
      name: "a capability that is granted",
      grants: [grantOf("one", { capabilities: ["bill"] })],
      served: ["bill of billing"],
    },
    {
      name: "an agent that is granted something",
      grants: [grantOf("one", { providers: [{ namespace: "default", agent: "news" }] })],
      served: ["headlines of news"],
    },
    {
      name: "nothing that is granted in another namespace",
      grants: [grantOf("one", { providers: [{ namespace: "other" }] })],
      served: [],
    },
    {
      name: "nothing that is granted to another tenant",
      grants: [grantOf("one", { tenants: ["globex"] })],
      served: [],
    },
    {
      name: "nothing in a version that is not granted",
      grants: [grantOf("one", { versions: "^2.0.0" })],
      served: [],
    },
    {
      name: "what one grant or the other allows",
      grants: [grantOf("one", { capabilities: ["bill"] }), grantOf("two", { capabilities: ["head*"] })],
      served: both,
    },
    {
      name: "nothing that is granted to a service account, where the routing names none",
      grants: [grantOf("one", { providers: [{ namespace: "default", serviceAccount: "*" }] })],
      served: [],
    },
  ])("$name", ({ grants, served }) => {
    const granted = grantedRouting(routing, knowing(...grants));
    expect(servedOf(granted)).toEqual(served);
    expect(granted.ungranted).toHaveLength(2 - served.length);
    if (served.length === 2) expect(granted.routing).toBe(routing);
    if (served.length === 0) expect(granted.routing).toBeUndefined();
  });

  it.each([
    { account: "robot", served: both },
    { account: "default", served: [] },
    { account: undefined, served: [] },
  ])("what is granted to the account robot, to agents of the account $account", ({ account, served }) => {
    const grant = grantOf("one", { providers: [{ namespace: "default", serviceAccount: "robot" }] });
    expect(servedOf(grantedRouting(withAccount(account), knowing(grant)))).toEqual(served);
  });

  it.each([
    { name: "its own Service", host: hostOf("billing"), served: true },
    { name: "another Service of its namespace, on a port", host: `${hostOf("mail")}:9000`, served: true },
    { name: "nowhere", host: "", served: true },
    { name: "a Service of another namespace", host: hostOf("billing", "evil"), served: false },
    { name: "the internet", host: "evil.example", served: false },
    { name: "an address", host: "10.0.0.1:8080", served: false },
    {
      name: "a name that only begins like its own",
      host: `${hostOf("billing")}.evil.example`,
      served: false,
    },
    { name: "an address before its own name", host: `evil@${hostOf("billing")}`, served: false },
  ])("an agent that is granted something and leads to $name: $served", ({ host, served }) => {
    const granted = grantedRouting(routingOf([agent("billing", "bill", host)]), knowing(grantOf("all")));
    expect(servedOf(granted)).toEqual(served ? ["bill of billing"] : []);
  });

  it.each([
    { name: "the Tenant vouches for", tenant: tenantOfName("acme"), served: both },
    { name: "no Tenant vouches for", tenant: undefined, served: [] },
    { name: "lies elsewhere", tenant: tenantOfName("acme", { namespaces: ["other"] }), served: [] },
    { name: "the Tenant may not have", tenant: tenantOfName("acme", { channels: ["ivr"] }), served: [] },
  ])("of a channel that $name", ({ tenant, served }) => {
    const granted = grantedRouting(routing, { hasTenants: true, tenant, grants: [grantOf("all")] });
    expect(servedOf(granted)).toEqual(served);
  });

  it("S2 no name that looks like one of a pattern", () => {
    const spoofed = routingOf([agent("billing", "b\u0456ll")]);
    expect(servedOf(grantedRouting(spoofed, knowing(grantOf("all"))))).toEqual([]);
  });
});

it("S1 tells which wires are not granted, in the routing's order", () => {
  expect(grantedRouting(routing, knowing()).ungranted).toEqual([
    { agent: "billing", capability: "bill", version: "1.1.0" },
    { agent: "news", capability: "headlines", version: "1.1.0" },
  ]);
});

it("S1 leaves everything else of a routing as it is", () => {
  const granted = grantedRouting(routing, knowing(grantOf("one", { capabilities: ["bill"] }))).routing;
  const [billing] = routing.spec.capabilityGroups;
  expect(granted).toEqual({ ...routing, spec: { ...routing.spec, capabilityGroups: [billing] } });
});

it("S1 whatever is granted, what is served and what is told are all that there was, and served is granted again", () => {
  const name = fc.constantFrom("billing", "news", "mail");
  const capability = fc.constantFrom("bill", "headlines", "b\u0456ll");
  const grants = fc.array(
    fc.record({
      providers: fc.array(
        fc.record({ namespace: fc.constantFrom("default", "def*", "other"), agent: name }),
        {
          maxLength: 2,
        },
      ),
      capabilities: fc.array(fc.constantFrom("bill", "*", "head*"), { maxLength: 2 }),
      tenants: fc.array(fc.constantFrom("acme", "globex", "*"), { maxLength: 2 }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, capability), { maxLength: 5 }), grants, (wires, specs) => {
      const whole = routingOf(wires.map(([of, what]) => agent(of, what)));
      const knowledge = knowing(...specs.map((spec, at) => grantOf(`g${at}`, spec)));
      const granted = grantedRouting(whole, knowledge);
      expect(servedOf(granted).length + granted.ungranted.length).toBe(wires.length);
      if (granted.routing === undefined) return;
      expect(grantedRouting(granted.routing, knowledge)).toEqual({ routing: granted.routing, ungranted: [] });
    }),
    { numRuns: 200 },
  );
});
