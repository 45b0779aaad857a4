/**
 * Names and ids that clients choose, as logs, spans and errors may show them. What looks like an id is shown; anything
 * else (a mail address, a token, a text with line breaks) by its digest, which still tells equal ones.
 */
import { createHash } from "node:crypto";

const plain = /^(?:\w[\w.:/-]{0,63})?$/; // empty, too: it says nothing

/** The id itself, or `#` and twelve hexadecimal digits. */
export function loggable(id: string): string {
  return plain.test(id) ? id : `#${createHash("sha256").update(id).digest("hex").slice(0, 12)}`;
}
