import { channelRoutingKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { agentDocumentSchema, toAddressedAgent, toDocumentAgent } from "./agent-document.ts";
import { addressedAgentsOf } from "./routing-directory.ts";

const agent = {
  id: "billing",
  name: "billing-agent",
  address: "http://billing:8080",
  capabilities: [{ id: "view", description: "Shows bills.", examples: ["my bill"] }],
};

describe("a document of agents", () => {
  it("is read with what may be left out", () => {
    const document = {
      capabilityGroups: [
        { id: "a", name: "b", capabilities: [{ id: "c" }] },
        { id: "d", name: "e" },
      ],
    };
    expect(agentDocumentSchema.parse(document)).toEqual({
      id: "",
      capabilityGroups: [
        { id: "a", name: "b", address: "", capabilities: [{ id: "c", description: "", examples: [] }] },
        { id: "d", name: "e", address: "", capabilities: [] },
      ],
    });
  });

  it.each([
    { name: "no agents", document: {}, field: "capabilityGroups" },
    { name: "an empty list of them", document: { capabilityGroups: [] }, field: "capabilityGroups" },
    {
      name: "too many of them",
      document: { capabilityGroups: Array(1001).fill(agent) },
      field: "capabilityGroups",
    },
    {
      name: "one without an id",
      document: { capabilityGroups: [{ ...agent, id: "" }] },
      field: "capabilityGroups.0.id",
    },
    {
      name: "a name that is too long",
      document: { capabilityGroups: [{ ...agent, name: "x".repeat(254) }] },
      field: "capabilityGroups.0.name",
    },
    {
      name: "an example that is no text",
      document: { capabilityGroups: [{ ...agent, capabilities: [{ id: "a", examples: [1] }] }] },
      field: "capabilityGroups.0.capabilities.0.examples.0",
    },
  ])("is refused with $name, and the field is named", ({ document, field }) => {
    const paths = agentDocumentSchema.safeParse(document).error?.issues.map(({ path }) => path.join("."));
    expect(paths).toContain(field);
  });

  it("tells an agent as it was read", () => {
    expect(toDocumentAgent(toAddressedAgent(agent))).toEqual(agent);
  });
});

describe("the agents of a routing", () => {
  const routingOf = (capabilityGroups: readonly unknown[]) =>
    channelRoutingKind.parse({
      ...{ apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting" },
      metadata: { name: "web", namespace: "default", labels: { tenant: "acme", channel: "web" } },
      spec: { capabilityGroups },
    });
  const capability = {
    name: "view",
    providedVersion: "1.0.0",
    description: "Shows bills.",
    host: "billing:8080",
  };

  it.each([
    {
      name: "have the ids that they are given",
      group: { id: "g1", name: "billing" },
      own: { id: "c1" },
      ids: ["g1", "c1"],
    },
    {
      name: "have their names for ids where they have none",
      group: { name: "billing" },
      own: {},
      ids: ["billing", "view"],
    },
    {
      name: "have their names where the Kotlin operator wrote nothing",
      group: { id: "", name: "billing" },
      own: { id: "" },
      ids: ["billing", "view"],
    },
  ])("$name", ({ group, own, ids }) => {
    const [read] = addressedAgentsOf(
      routingOf([{ ...group, description: "", capabilities: [{ ...capability, ...own }] }]),
    );
    expect([read?.id, read?.capabilities[0]?.id]).toEqual(ids);
    expect(read).toMatchObject({ address: "billing:8080", capabilities: [{ examples: [] }] });
  });

  it("are there, too, where they can do nothing", () => {
    const [read] = addressedAgentsOf(routingOf([{ name: "idle", description: "", capabilities: [] }]));
    expect(read).toMatchObject({ id: "idle", address: "", capabilities: [] });
  });
});
