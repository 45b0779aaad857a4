/** The value of a JSON text; undefined, which no JSON text means, when it isn't one. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
