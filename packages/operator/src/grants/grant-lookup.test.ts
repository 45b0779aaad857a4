import { expect, it } from "vitest";
import type { GivenObjects } from "../filled-stores.ts";
import { grantObject, tenantObject } from "../testing/grants.ts";
import { agentOf, channelOf, deploymentOf, ownerOfDeployment } from "../testing/objects.ts";
import { permits } from "./channel-grants.ts";
import { createGrantLookup } from "./grant-lookup.ts";

const owner = ownerOfDeployment("billing");
const billing = agentOf("billing", ["bill@1.0.0"]);
const channel = channelOf("acme", ["bill@^1.0.0"]);
const objects: GivenObjects = {
  tenants: [],
  grants: [grantObject("one", { providers: [{ namespace: "default", serviceAccount: "default" }] })],
  agents: [{ ...billing, metadata: { ...billing.metadata, ownerReferences: [owner] } }],
  channels: [channel],
  workloads: [deploymentOf("billing")],
};
const wire = { agent: "billing", name: "bill", providedVersion: "1.0.0" };

it("knows whose account an agent's workload runs under, as far as it is given", () => {
  const known = createGrantLookup(objects, "enforce").ofChannel(channel);
  const unknown = createGrantLookup({ ...objects, workloads: [] }, "enforce").ofChannel(channel);
  expect(known && permits(known, wire)).toBe(true);
  expect(unknown && permits(unknown, wire)).toBe(false);
});

it("says why a Channel is refused, and what an Agent claims too much", () => {
  const lookup = createGrantLookup({ ...objects, tenants: [tenantObject("globex")] }, "audit");
  expect(lookup.ofChannel(channel)).toMatchObject({ mode: "audit", refusal: { kind: "TenantNotTrusted" } });
  const [agent] = objects.agents;
  expect(agent && lookup.ofAgent(agent)).toMatchObject([
    { capability: { name: "bill" }, tenants: undefined },
  ]);
});

it("says nothing where grants do not count", () => {
  expect(createGrantLookup(objects, "off").ofChannel(channel)).toBeUndefined();
});
