/**
 * The few lines of DER (the binary encoding of ASN.1) that an X.509 certificate needs. Written by hand because the
 * certificate libraries at hand need a polyfill that changes the global `Reflect`.
 */

/** A value of type `tag` whose content is these parts, one after the other. */
export function derValue(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), derLength(content.length), content]);
}

/** SEQUENCE. */
export function derSequence(...parts: readonly Uint8Array[]): Buffer {
  return derValue(0x30, ...parts);
}

/** SET. */
export function derSet(...parts: readonly Uint8Array[]): Buffer {
  return derValue(0x31, ...parts);
}

/** A non-negative INTEGER, its bytes most significant first. */
export function derInteger(bytes: Uint8Array): Buffer {
  const negative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return derValue(0x02, negative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** OBJECT IDENTIFIER from its dotted form. */
export function derObjectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return derValue(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTF8String. */
export function derText(text: string): Buffer {
  return derValue(0x0c, Buffer.from(text, "utf8"));
}

/** GeneralizedTime of a moment in milliseconds since the epoch. */
export function derTime(epochMs: number): Buffer {
  const digits = new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "");
  return derValue(0x18, Buffer.from(`${digits}Z`, "ascii"));
}

/** BOOLEAN true. */
export function derTrue(): Buffer {
  return derValue(0x01, Buffer.from([0xff]));
}

/** BIT STRING; `unusedBits` of the last byte don't count. */
export function derBits(bytes: Uint8Array, unusedBits = 0): Buffer {
  return derValue(0x03, Buffer.from([unusedBits]), bytes);
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift((rest % 128) | 0x80);
  }
  return digits;
}
