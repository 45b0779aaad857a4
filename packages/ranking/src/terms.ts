/** The terms of the sparse view. A leading mark keeps the two kinds apart in one table. */

const word = /[\p{L}\p{M}\p{N}_]+/gu;
const pieceLengths = [3, 4, 5];

/** Words and pairs of neighbours: `w:pay`, `w:pay bill`. */
export function wordTerms(text: string): readonly string[] {
  const words = text.toLowerCase().match(word) ?? [];
  const pairs = words.slice(1).map((next, i) => `w:${words[i] ?? ""} ${next}`);
  return [...words.map((single) => `w:${single}`), ...pairs];
}

/** The 3 to 5 character pieces of every word with a space at either end: `c: pa`, `c:pay`, `c:ay `. */
export function characterTerms(text: string): readonly string[] {
  const terms: string[] = [];
  for (const single of text.toLowerCase().match(word) ?? []) appendPieces(` ${single} `, terms);
  return terms;
}

/** A word too short for a length is taken whole, once. */
function appendPieces(padded: string, terms: string[]): void {
  for (const length of pieceLengths) {
    if (padded.length <= length) {
      terms.push(`c:${padded}`);
      return;
    }
    for (let i = 0; i + length <= padded.length; i++) terms.push(`c:${padded.slice(i, i + length)}`);
  }
}
