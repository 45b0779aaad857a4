/** The words of CEL: cuts a source into names, literals and signs, each with its place. */
import { bytesOf, textOf } from "./literal.ts";
import type { CelValue } from "./values.ts";

/** A word of the source; `at` is its offset. */
export type Token =
  | { readonly kind: "name"; readonly at: number; readonly text: string }
  | { readonly kind: "literal"; readonly at: number; readonly text: string; readonly value: CelValue }
  | { readonly kind: "sign"; readonly at: number; readonly text: string }
  | { readonly kind: "end"; readonly at: number; readonly text: string };

/** What can't be read, and where. */
export class SyntaxFault extends Error {
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

const blank = /(?:[ \t\r\n\f]|\/\/[^\n]*)+/y;
const quoted = String.raw`"""(?:\\[\s\S]|[^\\])*?"""|'''(?:\\[\s\S]|[^\\])*?'''|"(?:\\.|[^"\\\r\n])*"|'(?:\\.|[^'\\\r\n])*'`;
const rawQuoted = String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\r\n]*"|'[^'\r\n]*'`;
const string = new RegExp(`([bB]?)(?:[rR](${rawQuoted})|(${quoted}))`, "y");
const float = /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y;
const integer = /(0x[0-9a-fA-F]+|\d+)([uU]?)/y;
const name = /[A-Za-z_]\w*/y;
const sign = /&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}]/y;

const constants: ReadonlyMap<string, CelValue> = new Map<string, CelValue>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/** The tokens of a source, the last one its end. Throws a {@link SyntaxFault}. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = lengthAt(blank, source, 0);
  while (at < source.length) {
    const token = tokenAt(source, at);
    tokens.push(token);
    at += token.text.length;
    at += lengthAt(blank, source, at);
  }
  return [...tokens, { kind: "end", at, text: "" }];
}

function tokenAt(source: string, at: number): Token {
  const literal = stringAt(source, at) ?? numberAt(source, at);
  if (literal !== undefined) return literal;
  const word = matchAt(name, source, at)?.[0];
  if (word !== undefined) {
    const value = constants.get(word);
    return value === undefined
      ? { kind: "name", at, text: word }
      : { kind: "literal", at, text: word, value };
  }
  const text = matchAt(sign, source, at)?.[0];
  if (text !== undefined) return { kind: "sign", at, text };
  throw new SyntaxFault(at, `token recognition error at: ${JSON.stringify(source.charAt(at))}`);
}

function stringAt(source: string, at: number): Token | undefined {
  const match = matchAt(string, source, at);
  if (match === undefined) return undefined;
  const [text, prefix, raw, escaped] = match;
  const inner = unquoted(raw ?? escaped ?? "");
  const read = prefix === "" ? textOf : bytesOf;
  const value = read(inner, raw === undefined);
  if (value === undefined) throw new SyntaxFault(at, `invalid escape in ${text}`);
  return { kind: "literal", at, text, value };
}

function unquoted(text: string): string {
  const marks = /^("""|''')/.test(text) ? 3 : 1;
  return text.slice(marks, -marks);
}

function numberAt(source: string, at: number): Token | undefined {
  const decimal = matchAt(float, source, at)?.[0];
  if (decimal !== undefined) return { kind: "literal", at, text: decimal, value: Number(decimal) };
  const match = matchAt(integer, source, at);
  if (match === undefined) return undefined;
  const [text, digits = "", suffix] = match;
  const bits = BigInt(digits);
  return { kind: "literal", at, text, value: suffix === "" ? bits : { tag: "uint", bits } };
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source) ?? undefined;
}

function lengthAt(pattern: RegExp, source: string, at: number): number {
  return matchAt(pattern, source, at)?.[0].length ?? 0;
}
