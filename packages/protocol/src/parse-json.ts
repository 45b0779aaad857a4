import { isRecord } from "@lmos/primitives";

/** The value of a JSON text; undefined, which no JSON text means, when it isn't one. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As {@link parseJson}, but half characters (`\\ud83d` by itself) are replaced, as an API server does that is to store them. */
export function parseWellFormedJson(text: string): unknown {
  const value = parseJson(text);
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
