import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCapabilitiesDocument, writeCapabilitiesDocument } from "./capabilities.ts";

const capability = {
  id: "vi",
  name: "view-invoice",
  version: "1.0.0",
  description: "d",
  examples: ["my bill"],
};
const document = {
  id: "billing-agent",
  description: "Knows bills",
  supportedTenants: ["acme"],
  supportedChannels: ["web"],
  capabilities: [capability],
};

describe("writeCapabilitiesDocument", () => {
  it("writes exactly the ten fields, whatever else the object carries", () => {
    const more = { ...document, secret: "x", capabilities: [{ ...capability, tenants: [] }] };
    expect(JSON.parse(writeCapabilitiesDocument(more))).toEqual(document);
  });
});

describe("readCapabilitiesDocument", () => {
  it("reads what is written, whatever is announced", () => {
    const texts = fc.string({ unit: "grapheme", maxLength: 8 });
    const lists = fc.array(texts, { maxLength: 3 });
    const named = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
    const documents = fc.record({
      id: texts,
      description: texts,
      supportedTenants: lists,
      supportedChannels: lists,
      capabilities: fc.array(
        fc.record({ id: named, name: named, version: texts, description: texts, examples: lists }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(documents, (announced) => {
        const reading = readCapabilitiesDocument(writeCapabilitiesDocument(announced));
        expect(reading).toEqual({ kind: "read", document: announced });
      }),
    );
  });

  it("fills optional fields and ignores unknown ones", () => {
    const bare = { capabilities: [{ name: "view-invoice", version: 1.5, description: null }], more: true };
    expect(readCapabilitiesDocument(JSON.stringify(bare))).toEqual({
      kind: "read",
      document: {
        id: "",
        description: "",
        supportedTenants: [],
        supportedChannels: [],
        capabilities: [
          { id: "view-invoice", name: "view-invoice", version: "1.5", description: "", examples: [] },
        ],
      },
    });
  });

  it.each(["1.0", "1.10", "1e2", "-0", "10000000000000000000001"])(
    "keeps the version %s as it is written",
    (text) => {
      const reading = readCapabilitiesDocument(`{"capabilities":[{"name":"a","version": ${text} }]}`);
      expect(reading).toMatchObject({ kind: "read", document: { capabilities: [{ version: text }] } });
    },
  );

  it.each([
    { name: "no JSON", json: "<html>", problem: "document: is not JSON" },
    {
      name: "a member given twice",
      json: '{"capabilities":[],"capabilities":[]}',
      problem: "document: a member is given twice",
    },
    { name: "no object", json: "[]", problem: /^document: / },
    {
      name: "a nameless capability",
      json: '{"capabilities":[{"version":"1.0.0"}]}',
      problem: /^capabilities\[0\]\.name: /,
    },
    {
      name: "tenants of another type",
      json: '{"supportedTenants":"acme","capabilities":[]}',
      problem: /^supportedTenants: /,
    },
    {
      name: "an error body that was answered with 200",
      json: '{"error":"oops"}',
      problem: /^capabilities: /,
    },
    {
      name: "an odd example",
      json: '{"capabilities":[{"name":"a","version":"1.0.0","examples":[1]}]}',
      problem: /examples\[0\]: /,
    },
  ])("names the field for $name", ({ json, problem }) => {
    const reading = readCapabilitiesDocument(json);
    expect(reading).toEqual({
      kind: "invalid",
      problems: [typeof problem === "string" ? problem : expect.stringMatching(problem)],
    });
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (json) => {
        expect(["read", "invalid"]).toContain(readCapabilitiesDocument(json).kind);
      }),
    );
  });
});
