/** The text of a JSON body, whose first bytes say in which encoding of Unicode it is, as Jackson sees it. */
import { isUtf8 } from "node:buffer";

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

/**
 * How a document begins: with a mark, or with its first character, which is ASCII and so has no byte but one. `x` is any byte
 * but zero; the longer beginnings come first.
 */
const beginnings: readonly (readonly [Encoding, readonly (number | "x")[]])[] = [
  ["utf-32be", [0, 0, 0xfe, 0xff]],
  ["utf-32be", [0, 0, 0, "x"]],
  ["utf-32le", [0xff, 0xfe, 0, 0]],
  ["utf-32le", ["x", 0, 0, 0]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16be", [0, "x"]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16le", ["x", 0]],
];

/** Undefined where it is no text of the encoding that it begins as. */
export function jsonText(body: Buffer): string | undefined {
  const encoding = encodingOf(body);
  if (encoding === "utf-8") return isUtf8(body) ? body.toString("utf8") : undefined;
  try {
    const isWide = encoding === "utf-32le" || encoding === "utf-32be";
    return isWide ? wideText(body, encoding) : new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function encodingOf(body: Buffer): Encoding {
  const fits = (byte: number | "x", index: number): boolean =>
    byte === "x" ? body.readUInt8(index) > 0 : body.readUInt8(index) === byte;
  const found = beginnings.find(([, bytes]) => body.length >= bytes.length && bytes.every(fits));
  return found?.[0] ?? "utf-8";
}

/** No decoder of the platform knows characters of four bytes. */
function wideText(body: Buffer, encoding: "utf-32le" | "utf-32be"): string {
  let text = "";
  for (let offset = 0; offset < body.length; offset += 4) {
    text += String.fromCodePoint(
      encoding === "utf-32le" ? body.readUInt32LE(offset) : body.readUInt32BE(offset),
    );
  }
  return text.replace(/^\ufeff/, "");
}
