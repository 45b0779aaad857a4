/** What stands between the quotes of a literal: the text or the bytes that its escapes mean. */

const simple: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "?": "?",
  '"': '"',
  "'": "'",
  "`": "`",
};

const escapeSequence =
  /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|[\s\S]?)/g;

/** The text of a literal; undefined if it has an escape that means nothing. */
export function textOf(inner: string, hasEscapes: boolean): string | undefined {
  if (!hasEscapes) return inner;
  let isReadable = true;
  const text = inner.replaceAll(escapeSequence, (_all, letter, hex, short, long, octal) => {
    if (letter !== undefined) return simple[letter] ?? "";
    const code = codeOf(hex ?? short ?? long, octal);
    if (code !== undefined && code <= 0x10_ffff && !(code >= 0xd800 && code < 0xe000)) {
      return String.fromCodePoint(code);
    }
    isReadable = false;
    return "";
  });
  return isReadable ? text : undefined;
}

/** The bytes of a literal: UTF-8, but for those that are given by number. */
export function bytesOf(inner: string, hasEscapes: boolean): Uint8Array | undefined {
  if (!hasEscapes) return new TextEncoder().encode(inner);
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const match of inner.matchAll(escapeSequence)) {
    const [all, letter, hex, , , octal] = match;
    const code = letter === undefined ? codeOf(hex, octal) : simple[letter]?.charCodeAt(0);
    if (code === undefined) return undefined;
    parts.push(new TextEncoder().encode(inner.slice(from, match.index)), Uint8Array.of(code));
    from = match.index + all.length;
  }
  parts.push(new TextEncoder().encode(inner.slice(from)));
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function codeOf(hex: string | undefined, octal: string | undefined): number | undefined {
  if (hex !== undefined) return Number.parseInt(hex, 16);
  return octal === undefined ? undefined : Number.parseInt(octal, 8);
}
