/** Finds the fields that a JSON text gives more than once, which `JSON.parse` does not tell. */

interface Level {
  /** Undefined in an array. */
  readonly keys: Set<string> | undefined;
  readonly path: string;
  /** The member or index that is being read. */
  at: string;
  index: number;
}

const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Paths of the fields given more than once, as `spec.items[0].name`; the text must be valid JSON. */
export function duplicateFields(text: string): readonly string[] {
  const duplicates: string[] = [];
  const levels: Level[] = [];
  let pendingText = "";
  for (const [token] of text.matchAll(tokens)) {
    const level = levels.at(-1);
    if (token === "{" || token === "[") levels.push(openLevel(level, token));
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && level !== undefined) level.index += 1;
    else if (token === ":" && level?.keys !== undefined) readKey(level, pendingText, duplicates);
    else pendingText = token;
  }
  return [...new Set(duplicates)];
}

function openLevel(parent: Level | undefined, token: "{" | "["): Level {
  const path = parent === undefined ? "" : memberPath(parent);
  return { keys: token === "{" ? new Set() : undefined, path, at: "", index: 0 };
}

function readKey(level: Level, quoted: string, duplicates: string[]): void {
  const key: unknown = JSON.parse(quoted);
  level.at = String(key);
  if (level.keys?.has(level.at)) duplicates.push(memberPath(level));
  level.keys?.add(level.at);
}

function memberPath({ keys, path, at, index }: Level): string {
  if (keys === undefined) return `${path}[${index}]`;
  return path === "" ? at : `${path}.${at}`;
}
