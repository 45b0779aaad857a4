import fc from "fast-check";
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
    { name: "no capabilities", capabilities: undefined },
    { name: "null in their place", capabilities: null },
    { name: "no extensions", capabilities: {} },
    { name: "null in their place, as some writers leave nothing out", capabilities: { extensions: null } },
    { name: "extensions of others", capabilities: { extensions: [{ uri: "other", params: null }] } },
    {
      name: "an extension of LMOS that says nothing",
      capabilities: { extensions: [{ uri: lmosExtensionUri }] },
    },
  ])("has every tenant and no channel with $name", ({ capabilities }) => {
    expect(readAgentCard(JSON.stringify({ ...card, capabilities }))).toMatchObject({
      kind: "read",
      document: { supportedTenants: [], supportedChannels: [] },
    });
  });

  it.each([
    {
      name: "tenants that are one text",
      params: { supportedTenants: "acme" },
      problem: /^supportedTenants: /,
    },
    {
      name: "a tenant that is a number",
      params: { supportedTenants: ["acme", 7] },
      problem: /^supportedTenants\[1\]: /,
    },
    {
      name: "channels by name",
      params: { supportedChannels: { web: true } },
      problem: /^supportedChannels: /,
    },
  ])("is for nobody, not for everybody, with $name", ({ params, problem }) => {
    const capabilities = { extensions: [{ uri: lmosExtensionUri, params }] };
    expect(readAgentCard(JSON.stringify({ ...card, capabilities }))).toEqual({
      kind: "invalid",
      problems: [expect.stringMatching(problem)],
    });
  });

  it("takes null for what is left out of a skill", () => {
    const skills = [{ id: "view-bill", description: null, examples: null }];
    expect(readAgentCard(JSON.stringify({ ...card, description: null, skills }))).toMatchObject({
      kind: "read",
      document: { description: "", capabilities: [{ ...bill, description: "", examples: [] }] },
    });
  });

  it("names ten faults at most", () => {
    const skills = Array.from({ length: 12 }, () => ({ name: "no id" }));
    const reading = readAgentCard(JSON.stringify({ ...card, skills }));
    expect(reading.kind === "invalid" ? reading.problems.length : 0).toBe(10);
  });

  it.each([
    { name: "no JSON", json: "<html>", problem: "document: is not JSON" },
    {
      name: "a skill without an id",
      json: JSON.stringify({ ...card, skills: [{ id: "" }] }),
      problem: /^skills\[0\]\.id: /,
    },
    {
      name: "a member given twice",
      json: JSON.stringify(card).replace("{", '{"name":"x",'),
      problem: /a member is given twice/,
    },
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

  it("is named by its title where it has no id", () => {
    const { id: _id, ...rest } = thing;
    for (const id of [{}, { id: null }, { id: "" }])
      expect(readThingDescription(JSON.stringify({ ...rest, ...id }))).toMatchObject({
        document: { id: "billing" },
      });
  });

  it.each([
    {
      name: "no version, as nobody could resolve it",
      more: { version: null, actions: { a: {} } },
      version: "",
    },
    { name: "an action that is null", more: { actions: { a: null } }, version: "1.2.0" },
  ])("reads actions with $name", ({ more, version }) => {
    expect(readThingDescription(JSON.stringify({ ...thing, ...more }))).toMatchObject({
      kind: "read",
      document: { capabilities: [{ name: "a", version, description: "", examples: [] }] },
    });
  });

  it.each([
    {
      name: "tenants that are one text",
      more: { "lmos:supportedTenants": "acme" },
      problem: /^supportedTenants: /,
    },
    { name: "capabilities that are no list", more: { "lmos:capabilities": {} }, problem: /^capabilities: / },
    {
      name: "a capability without a name",
      more: { "lmos:capabilities": [{ "lmos:version": "1.0.0" }] },
      problem: /^capabilities\[0\]\.name: /,
    },
    {
      name: "an action whose description is no text",
      more: { actions: { a: { description: 1 } } },
      problem: /^capabilities\[0\]\.description: /,
    },
  ])("refuses $name", ({ more, problem }) => {
    expect(readThingDescription(JSON.stringify({ ...thing, ...more }))).toEqual({
      kind: "invalid",
      problems: [expect.stringMatching(problem)],
    });
  });
});

it.each([
  { name: "a card", read: readAgentCard },
  { name: "a Thing Description", read: readThingDescription },
])("$name never throws, whatever an agent answers", ({ read }) => {
  const members = fc.constantFrom(
    "name",
    "version",
    "skills",
    "capabilities",
    "extensions",
    "uri",
    "params",
    "id",
    "actions",
    "lmos:capabilities",
    "lmos:name",
    "__proto__",
    "supportedTenants",
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(null, 1, "", "1.0.0", lmosExtensionUri, true),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(members, tie("value"), { maxKeys: 6 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (document) => {
      expect(["read", "invalid"]).toContain(read(JSON.stringify(document)).kind);
    }),
    { numRuns: 500 },
  );
});
