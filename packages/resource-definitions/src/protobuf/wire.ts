/** The wire format of protobuf: a message is a sequence of numbered values, whose meaning is not in the bytes. */

/** A value by its wire type: a number, eight bytes, or bytes of any length. */
export type WireValue =
  | { readonly kind: "varint"; readonly value: bigint }
  | { readonly kind: "bytes"; readonly value: Buffer };

/** One numbered value of a message. */
export interface WireField {
  readonly number: number;
  readonly value: WireValue;
}

/** Reads the fields of a message, in the order in which they stand. Throws on bytes that are no message. */
export function* wireFields(bytes: Buffer): Generator<WireField> {
  let at = 0;
  while (at < bytes.length) {
    const key = varintAt(bytes, at);
    const read = valueAt(bytes, key.end, Number(key.value & 7n));
    yield { number: Number(key.value >> 3n), value: read.value };
    at = read.end;
  }
}

function valueAt(
  bytes: Buffer,
  at: number,
  wireType: number,
): { readonly value: WireValue; readonly end: number } {
  switch (wireType) {
    case 0: {
      const { value, end } = varintAt(bytes, at);
      return { value: { kind: "varint", value }, end };
    }
    case 1:
      return bytesAt(bytes, at, 8);
    case 2: {
      const length = varintAt(bytes, at);
      return bytesAt(bytes, length.end, Number(length.value));
    }
    case 5:
      return bytesAt(bytes, at, 4);
    default:
      throw new Error(`unknown wire type ${wireType}`);
  }
}

function bytesAt(
  bytes: Buffer,
  at: number,
  length: number,
): { readonly value: WireValue; readonly end: number } {
  const end = at + length;
  if (end > bytes.length) throw new Error("unexpected end of message");
  return { value: { kind: "bytes", value: bytes.subarray(at, end) }, end };
}

function varintAt(bytes: Buffer, start: number): { readonly value: bigint; readonly end: number } {
  let value = 0n;
  for (let at = start; at < Math.min(bytes.length, start + 10); at += 1) {
    const byte = bytes[at] ?? 0;
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - start));
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Error("unexpected end of message");
}
