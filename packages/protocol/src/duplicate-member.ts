/**
 * Whether a JSON text gives a member of some object twice. Readers differ in which of the two they take, so that a
 * document with such a member means different things to different readers.
 */

/** What is said of such a document. It does not name the member: somebody else chose its name. */
export const memberGivenTwice = "document: a member is given twice";

/** True where some object has two members of one name. The text must be JSON. */
export function hasDuplicateMember(json: string): boolean {
  /** The names of each open object; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (const { 0: token, index } of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (isName(json, index + token.length) && isKnown(open.at(-1), token)) return true;
  }
  return false;
}

/** A name is what a colon follows. */
function isName(json: string, end: number): boolean {
  for (let at = end; at < json.length; at += 1) {
    const character = json[at];
    if (character === ":") return true;
    if (character !== " " && character !== "\n" && character !== "\r" && character !== "\t") return false;
  }
  return false;
}

/** Names are compared as they are meant: `"a"` and `"\u0061"` are the same. */
function isKnown(names: Set<string> | undefined, token: string): boolean {
  const name = String(JSON.parse(token));
  if (names?.has(name) === true) return true;
  names?.add(name);
  return false;
}
