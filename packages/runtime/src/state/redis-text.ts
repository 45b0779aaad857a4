/** Values in Redis: when they expire, a space, their text. A script can read the first without understanding the rest. */

/** A text that counts until then. */
export interface ExpiringText {
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** The value for a text. */
export function writeExpiring(text: string, expiresAt: number): string {
  return `${Math.ceil(expiresAt)} ${text}`;
}

/** Reads a reply; undefined when there is no value, when it is none of ours, or when it has expired. */
export function readExpiring(reply: unknown, now: number): ExpiringText | undefined {
  if (typeof reply !== "string") return undefined;
  const end = reply.indexOf(" ");
  const expiresAt = Number(reply.slice(0, Math.max(0, end)));
  return end > 0 && expiresAt > now ? { text: reply.slice(end + 1), expiresAt } : undefined;
}

/** The pairs of a hash, in both wordings of the protocol: a flat list (RESP 2) or a map (RESP 3). */
export function readPairs(reply: unknown): readonly (readonly [string, unknown])[] {
  if (reply instanceof Map) return [...reply].map(([name, value]) => [String(name), value]);
  if (!Array.isArray(reply)) {
    return typeof reply === "object" && reply !== null ? Object.entries(reply) : [];
  }
  return reply.flatMap((name, index) => (index % 2 === 0 ? [[String(name), reply[index + 1]] as const] : []));
}
