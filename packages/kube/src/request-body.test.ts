import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { requestBody } from "./request-body.ts";

describe("the body of a request", () => {
  it.each([
    { name: "DEL", text: "\u007f", written: String.raw`"\u007f"` },
    { name: "the next line of C1", text: "a\u0085b", written: String.raw`"a\u0085b"` },
    { name: "an en dash that was decoded wrongly", text: "\u0096", written: String.raw`"\u0096"` },
    { name: "a line separator", text: "\u2028", written: String.raw`"\u2028"` },
    { name: "a byte order mark", text: "\ufeffx", written: String.raw`"\ufeffx"` },
    { name: "what is no character", text: "\uffff", written: String.raw`"\uffff"` },
    { name: "half a character", text: "\ud83d!", written: '"\ufffd!"' },
    {
      name: "letters that look like half a character",
      text: String.raw`\ud83d`,
      written: String.raw`"\\ud83d"`,
    },
    { name: "a whole character of two halves", text: "😀", written: '"😀"' },
    { name: "other languages", text: "Grüße, 世界, שלום", written: '"Grüße, 世界, שלום"' },
    { name: "line feeds and quotes", text: 'a\n"b"', written: String.raw`"a\n\"b\""` },
  ])("writes $name so that YAML takes it for what it is", ({ text, written }) => {
    expect(requestBody(text)).toBe(written);
  });

  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        expect(JSON.parse(requestBody(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("is YAML of the same value, whatever characters are in it", () => {
    const unit = fc.constantFrom(
      ...'a: -\u007f\u0080\u0085\u009f\u00a0\u2028\u2029\ufeff\ufffe\uffff"\\\n😀',
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit }), fc.string({ unit }), { noNullPrototype: true }),
        (value) => {
          expect(parse(requestBody(value))).toEqual(value);
        },
      ),
    );
  });
});
