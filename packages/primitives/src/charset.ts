/** Which characters a body is written in, by its header `Content-Type`. */
import type { IncomingMessage } from "node:http";

const parameterPattern = /;\s*([^=;\s]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g;
/** Names of UTF-8, and of ASCII, whose texts are UTF-8 as well. */
const readable: ReadonlySet<string> = new Set(["utf-8", "utf8", "us-ascii", "ascii"]);
/** Methods whose requests have none: what they say of it means nothing. */
const withoutBody: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a body with this `Content-Type` may be read as UTF-8: it says so in whatever case and quotes, or it says nothing,
 * as JSON is UTF-8 (RFC 8259, section 8.1). One that names several charsets must mean UTF-8 by all of them.
 */
export function isReadAsUtf8(contentType: string | undefined): boolean {
  return charsetsOf(contentType).every((name) => readable.has(name));
}

function charsetsOf(contentType: string | undefined): readonly string[] {
  const parameters = (contentType ?? "").matchAll(parameterPattern);
  return [...parameters]
    .filter(([, name = ""]) => name.toLowerCase() === "charset")
    .map(([, , value = ""]) => unquoted(value).toLowerCase());
}

/** Whether a request brings a body that cannot be read as UTF-8. */
export function hasOtherCharset({
  method = "",
  headers,
}: Pick<IncomingMessage, "method" | "headers">): boolean {
  return !withoutBody.has(method) && !isReadAsUtf8(headers["content-type"]);
}

/** Those that no decoder of the platform has. */
const undecoded = /^(?:utf-?32(?:le|be)?|latin[-_]?\d{1,2}|cp125\d)$/;

/** Whether a request brings a body in a charset that nobody knows. */
export function hasUnknownCharset(request: Pick<IncomingMessage, "method" | "headers">): boolean {
  return hasOtherCharset(request) && !charsetsOf(request.headers["content-type"]).every(isKnown);
}

function isKnown(charset: string): boolean {
  if (readable.has(charset) || undecoded.test(charset)) return true;
  try {
    return new TextDecoder(charset).encoding !== "";
  } catch {
    return false;
  }
}

/** Single quotes mean nothing in a header, but are sent. */
function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, "$2");
}
