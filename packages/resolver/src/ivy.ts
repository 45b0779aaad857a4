/** Ivy and Maven version ranges, translated into npm's syntax. */

/** Dynamic revisions of Ivy: any release. */
const anyRelease = new Set(["latest", "latest.integration", "latest.milestone", "latest.release", "+"]);
/** `[1.0,2.0]`, `]1.0,2.0[`, `(,2.0]`, `[1.0]`: an opening, up to two versions, a closing. */
const intervalPattern = /\s*([[\](])\s*([^\s,[\]()]*)\s*(?:(,)\s*([^\s,[\]()]*)\s*)?([[\])])\s*/y;

/** The npm form of an alternative written for Ivy or Maven; any other text unchanged; undefined for a broken interval. */
export function translateIvy(text: string): string | undefined {
  const trimmed = text.trim();
  if (anyRelease.has(trimmed)) return "*";
  if (/^\d+(\.\d+)?\.\+$/.test(trimmed)) return trimmed.replace("+", "x");
  return /^[[\](]/.test(trimmed) ? translateIntervals(trimmed) : trimmed;
}

/** Maven writes a union as intervals with commas between them: `(,1.0],[1.2,)`. */
function translateIntervals(text: string): string | undefined {
  const pattern = new RegExp(intervalPattern);
  const alternatives: string[] = [];
  for (;;) {
    const match = pattern.exec(text);
    const translated = match === null ? undefined : translateInterval(match);
    if (translated === undefined) return undefined;
    alternatives.push(translated);
    if (pattern.lastIndex === text.length) return alternatives.join(" || ");
    if (text[pattern.lastIndex] !== ",") return undefined;
    pattern.lastIndex += 1;
  }
}

function translateInterval(match: RegExpExecArray): string | undefined {
  const [, open = "", from = "", comma, to = "", close = ""] = match;
  if (comma === undefined) return open === "[" && close === "]" && from !== "" ? `=${pad(from)}` : undefined;
  const lower = from === "" ? "" : `${open === "[" ? ">=" : ">"}${pad(from)}`;
  const upper = to === "" ? "" : `${close === "]" ? "<=" : "<"}${pad(to)}`;
  return `${lower} ${upper}`.trim() || "*";
}

/** `1` and `1.0` stand for `1.0.0` in an interval. */
function pad(version: string): string {
  if (/^\d+$/.test(version)) return `${version}.0.0`;
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version;
}
