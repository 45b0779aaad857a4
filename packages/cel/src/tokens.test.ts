import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SyntaxFault, tokensOf } from "./tokens.ts";
import type { CelValue } from "./values.ts";

function literalOf(source: string): CelValue | undefined {
  const [token, end] = tokensOf(source);
  return token?.kind === "literal" && end?.kind === "end" ? token.value : undefined;
}

describe("a literal has its value", () => {
  test.each<{ readonly source: string; readonly value: CelValue }>([
    { source: "true", value: true },
    { source: "false", value: false },
    { source: "null", value: null },
    { source: "42", value: 42n },
    { source: "0x2A", value: 42n },
    { source: "18446744073709551615u", value: { tag: "uint", bits: 18446744073709551615n } },
    { source: "0x10U", value: { tag: "uint", bits: 16n } },
    { source: "1.5", value: 1.5 },
    { source: ".25", value: 0.25 },
    { source: "1e3", value: 1000 },
    { source: "2.5E-1", value: 0.25 },
    { source: "'a'", value: "a" },
    { source: '"it\'s"', value: "it's" },
    { source: "'''two\nlines'''", value: "two\nlines" },
    { source: '"""a "quoted" word"""', value: 'a "quoted" word' },
    { source: String.raw`'\n\t\\\'\"\?'`, value: "\n\t\\'\"?" },
    { source: String.raw`'\x41\u00e9\U0001F600\101'`, value: "Aé😀A" },
    { source: String.raw`r'\d+\n'`, value: "\\d+\\n" },
    { source: String.raw`R"""\d "x" """`, value: '\\d "x" ' },
    { source: "b'hé'", value: Uint8Array.of(0x68, 0xc3, 0xa9) },
    { source: String.raw`b'\xff\001'`, value: Uint8Array.of(0xff, 1) },
    { source: String.raw`br'\x'`, value: Uint8Array.of(0x5c, 0x78) },
  ])("$source", ({ source, value }) => {
    expect(literalOf(source)).toEqual(value);
  });
});

describe("a source that has no tokens is refused at its place", () => {
  test.each([
    { name: "a sign that CEL lacks", source: "a # b", position: 2 },
    { name: "a single ampersand", source: "a & b", position: 2 },
    { name: "a text without end", source: "a + 'b", position: 4 },
    { name: "a line break in a text", source: "'a\nb'", position: 0 },
    { name: "an unknown escape", source: String.raw`1 + '\q'`, position: 4 },
    { name: "half a surrogate pair", source: String.raw`'\ud800'`, position: 0 },
    { name: "a character beyond Unicode", source: String.raw`'\U00110000'`, position: 0 },
    { name: "a character by code in bytes", source: String.raw`b'\u0041'`, position: 0 },
  ])("$name", ({ source, position }) => {
    expect(() => tokensOf(source)).toThrow(SyntaxFault);
    expect(() => tokensOf(source)).toThrow(expect.objectContaining({ position }));
  });
});

describe("tokens", () => {
  test("pass over blanks and comments, and know their places", () => {
    const tokens = tokensOf("  a // a name\n  && b");
    expect(tokens.map(({ at, text }) => [at, text])).toEqual([
      [2, "a"],
      [16, "&&"],
      [19, "b"],
      [20, ""],
    ]);
  });

  test("take the longest sign", () => {
    const texts = tokensOf("a<=b==c!=d>=e<f").map(({ text }) => text);
    expect(texts).toEqual(["a", "<=", "b", "==", "c", "!=", "d", ">=", "e", "<", "f", ""]);
  });

  test("any text survives being written with JSON's escapes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const source = JSON.stringify(text).replaceAll("\\/", "/");
        expect(literalOf(source)).toBe(text);
      }),
    );
  });

  test("any text without quotes survives as a raw one", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/['\r\n]/.test(text)),
        (text) => {
          expect(literalOf(`r'${text}'`)).toBe(text);
        },
      ),
    );
  });

  test("any source is read or refused, and nothing of it is lost", () => {
    fc.assert(
      fc.property(fc.string(), (source) => {
        try {
          for (const { at, text } of tokensOf(source)) expect(source.slice(at, at + text.length)).toBe(text);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SyntaxFault);
        }
      }),
    );
  });
});
