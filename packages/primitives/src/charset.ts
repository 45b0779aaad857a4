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

/** Charsets of single bytes whose first half is ASCII. */
const beyondAscii = /^(?:iso[-_]?8859-\d{1,2}|latin[-_]?\d{1,2}|windows-125\d|cp125\d)$/;

/**
 * Whether a request brings a body of which nothing can be read as UTF-8. What is in Latin-1 or the like and is not such a
 * body can be read as far as it is ASCII.
 */
export function hasForeignCharset(request: Pick<IncomingMessage, "method" | "headers">): boolean {
  if (!hasOtherCharset(request)) return false;
  return !charsetsOf(request.headers["content-type"]).every(
    (name) => readable.has(name) || beyondAscii.test(name),
  );
}

/** Single quotes mean nothing in a header, but are sent. */
function unquoted(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1$/, "$2");
}
