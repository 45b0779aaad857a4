import { isRecord } from "@lmos/primitives";

/** The value of a JSON text; undefined, which no JSON text means, when it isn't one. Never throws. */
export function parseJson(text: string): unknown {
  return parseWith(text, undefined);
}

/** As JSON, but a version that is written as a number stays as it is written: `1.10` is not `1.1`. */
function parseWithVersions(text: string): unknown {
  return parseWith(text, (name: string, value: unknown, written?: { readonly source?: string }) =>
    name === "version" && typeof value === "number" ? (written?.source ?? value) : value,
  );
}

function parseWith(text: string, reviver: Parameters<typeof JSON.parse>[1]): unknown {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}

/**
 * A document in which an agent describes itself. As {@link parseJson}, but versions stay as they are written, and half
 * characters (`\\ud83d` by itself) are replaced, as an API server does that is to store them.
 */
export function parseWellFormedJson(text: string): unknown {
  const value = parseWithVersions(text);
  return /\\ud[89a-f]/i.test(text) ? wellFormed(value) : value;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  );
}
