import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseObject } from "./body.ts";

const parse = (mediaType: string, text: string) =>
  parseObject({ mediaType, bytes: Buffer.from(text) }, { kind: "Widget", origin: "builtin" });
const applied = (text: string) => parse("application/apply-patch+yaml", text).value;

describe("a body of YAML", () => {
  it.each([
    { name: "in blocks", text: "spec:\n  size: 1\n", value: { spec: { size: 1 } } },
    { name: "in flow style", text: "{spec: {size: 1}}", value: { spec: { size: 1 } } },
    { name: "that is JSON", text: '{"spec": {"size": 1}}', value: { spec: { size: 1 } } },
    { name: "that is JSON after blanks", text: '\n {"spec": {"size": 1}}', value: { spec: { size: 1 } } },
    { name: "that gives a field twice: the last counts", text: '{"a": 1, "a": 2}', value: { a: 2 } },
    { name: "that begins like JSON and goes on", text: '{"a": 1} # so\n', value: { a: 1 } },
    { name: "with an alias", text: "a: &x {b: 1}\nc: *x\n", value: { a: { b: 1 }, c: { b: 1 } } },
    { name: "with a time, which stays a text", text: "at: 2026-01-01", value: { at: "2026-01-01" } },
  ])("$name", ({ text, value }) => {
    expect(applied(text)).toEqual(value);
  });

  it.each([
    { name: "no object", text: "[1]", says: "cannot unmarshal array" },
    { name: "neither YAML nor JSON", text: '{"a": [', says: "yaml: " },
  ])("that is $name is refused", ({ text, says }) => {
    expect(() => applied(text)).toThrow(says);
  });

  it("that is JSON means the same read in either way", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, (value) => {
        const text = JSON.stringify(value);
        expect(applied(text)).toEqual(applied(`--- ${text}`)); // not JSON, by its first characters
      }),
      { examples: [[{ a: "\u2028", "": 1e21, __: -0 }]] },
    );
  });
});

describe("a body of JSON", () => {
  it("tells which fields it gives twice", () => {
    expect(parse("application/json", '{"a": 1, "a": 2}').duplicates).toEqual(["a"]);
  });
});

describe("a body that can't be of its kind is refused as kube-apiserver does", () => {
  const start = "the object provided is unrecognized (must be of type Widget): ";
  it.each([
    ["no JSON", "{", "couldn't get version/kind; json parse error: unexpected end of JSON input ({)"],
    ["nothing", "", "couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)"],
    [
      "a version that is no text",
      '{"apiVersion":1}',
      'couldn\'t get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string ({"apiVersion":1})',
    ],
    [
      "a version of three parts",
      '{"apiVersion":"a/b/c","kind":"Widget"}',
      'unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c","kind":" ...)',
    ],
    [
      "no kind",
      '{"apiVersion":"v1"}',
      `Object 'Kind' is missing in '{"apiVersion":"v1"}' ({"apiVersion":"v1"})`,
    ],
    ["null", "null", "Object 'Kind' is missing in 'null' (6e756c6c)"],
  ])("%s", (_, text, says) => {
    const body = { mediaType: "application/json", bytes: Buffer.from(text) };
    expect(() => parseObject(body, { kind: "Widget", origin: "custom" })).toThrow(start + says);
  });

  it("but a built-in kind may be nothing, and is then refused for what it lacks", () => {
    expect(parse("application/json", "null").value).toEqual({});
  });
});
