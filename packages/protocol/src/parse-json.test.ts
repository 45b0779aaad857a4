import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAgentCard, readThingDescription } from "./agent-descriptors.ts";
import { readCapabilitiesDocument } from "./capabilities.ts";
import { parseJson, parseWellFormedJson } from "./parse-json.ts";

const half = String.raw`\ud83d`;

describe("JSON", () => {
  it.each([
    { name: "an object", text: '{"a":[1,null,"x"]}', expected: { a: [1, null, "x"] } },
    { name: "half a character", text: `"${half}x"`, expected: "\ufffdx" },
    { name: "half a character within", text: `{"a":[{"b":"${half}"}]}`, expected: { a: [{ b: "\ufffd" }] } },
    { name: "half a character in a name", text: `{"${half}":1}`, expected: { "\ufffd": 1 } },
    { name: "a whole character in two halves", text: String.raw`"\ud83d\ude00"`, expected: "😀" },
    { name: "a backslash before the letters", text: String.raw`"\\ud83d"`, expected: String.raw`\ud83d` },
    { name: "no JSON", text: `"${half}`, expected: undefined },
    { name: "nothing", text: "", expected: undefined },
  ])("with $name", ({ text, expected }) => {
    expect(parseWellFormedJson(text)).toEqual(expected);
  });

  it("is read like any other where all characters are whole", () => {
    const values = fc.jsonValue({ stringUnit: "grapheme" });
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        expect(parseWellFormedJson(text)).toEqual(parseJson(text));
      }),
    );
  });

  it("has only whole characters, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("\ud83d", "\ude00", "a", "\\", '"') }), (text) => {
        expect(parseWellFormedJson(JSON.stringify([text]))).toEqual([text.toWellFormed()]);
      }),
    );
  });
});

/** What a server stores is then what was read: it is not written again whenever it is read again. */
describe("half a character in what an agent says of itself", () => {
  it.each([
    {
      name: "capabilities.json",
      read: readCapabilitiesDocument,
      text: `{"description":"${half}","capabilities":[{"name":"n","version":"1.0.0"}]}`,
    },
    {
      name: "an agent card",
      read: readAgentCard,
      text: `{"name":"a","version":"1.0.0","description":"${half}","skills":[]}`,
    },
    {
      name: "a Thing Description",
      read: readThingDescription,
      text: `{"title":"a","description":"${half}","actions":{}}`,
    },
  ])("is replaced in $name", ({ read, text }) => {
    expect(read(text)).toMatchObject({ kind: "read", document: { description: "\ufffd" } });
  });
});
