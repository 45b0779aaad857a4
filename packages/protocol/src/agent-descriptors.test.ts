import { describe, expect, it } from "vitest";
import { lmosExtensionUri, readAgentCard, readThingDescription } from "./agent-descriptors.ts";

const bill = {
  id: "view-bill",
  name: "view-bill",
  version: "1.2.0",
  description: "Shows bills",
  examples: ["my bill"],
};

describe("readAgentCard", () => {
  const card = {
    protocolVersion: "0.3.0",
    name: "billing",
    description: "Knows bills",
    url: "http://billing:8080/a2a",
    version: "1.2.0",
    capabilities: { streaming: true },
    skills: [
      { id: "view-bill", name: "View a bill", description: "Shows bills", tags: [], examples: ["my bill"] },
    ],
  };

  it("takes each skill for a capability in the version of the card", () => {
    expect(readAgentCard(JSON.stringify(card))).toEqual({
      kind: "read",
      document: {
        id: "billing",
        description: "Knows bills",
        supportedTenants: [],
        supportedChannels: [],
        capabilities: [bill],
      },
    });
  });

  it("finds the audience in the extension of LMOS", () => {
    const params = { supportedTenants: ["acme"], supportedChannels: ["web"] };
    const extensions = [{ uri: "other" }, { uri: lmosExtensionUri, params }];
    expect(readAgentCard(JSON.stringify({ ...card, capabilities: { extensions } }))).toMatchObject({
      kind: "read",
      document: params,
    });
  });

  it.each([
    { name: "no JSON", json: "<html>", problem: "document: is not JSON" },
    { name: "no skills", json: JSON.stringify({ ...card, skills: undefined }), problem: /^skills: / },
    { name: "no version", json: JSON.stringify({ ...card, version: undefined }), problem: /^version: / },
  ])("refuses a card with $name", ({ json, problem }) => {
    expect(readAgentCard(json)).toEqual({ kind: "invalid", problems: [expect.stringMatching(problem)] });
  });
});

describe("readThingDescription", () => {
  const thing = {
    "@context": ["https://www.w3.org/2022/wot/td/v1.1", { lmos: lmosExtensionUri }],
    "@type": "lmos:Agent",
    id: "urn:billing",
    title: "billing",
    description: "Knows bills",
    version: { instance: "1.2.0" },
    "lmos:supportedChannels": ["web"],
  };
  const document = {
    id: "urn:billing",
    description: "Knows bills",
    supportedTenants: [],
    supportedChannels: ["web"],
  };

  it.each([
    { name: "plain members", capabilities: [bill] },
    {
      name: "prefixed members",
      capabilities: [
        Object.fromEntries(Object.entries(bill).map(([name, value]) => [`lmos:${name}`, value])),
      ],
    },
  ])("reads its capabilities with $name", ({ capabilities }) => {
    expect(readThingDescription(JSON.stringify({ ...thing, "lmos:capabilities": capabilities }))).toEqual({
      kind: "read",
      document: { ...document, capabilities: [bill] },
    });
  });

  it("takes its actions where it names no capabilities", () => {
    const actions = { "view-bill": { description: "Shows bills", forms: [] } };
    expect(readThingDescription(JSON.stringify({ ...thing, actions }))).toEqual({
      kind: "read",
      document: { ...document, capabilities: [{ ...bill, examples: [] }] },
    });
  });
});
