/**
 * The terms of the sparse view: words and pairs of neighbours, and the 3 to 5 letter pieces of words. They are told as
 * places in one text, not as texts of their own: a message has a few hundred.
 */

const word = /[\p{L}\p{M}\p{N}_]+/gu;
/** Characters of the shortest and of the longest piece. */
export const shortestPiece = 3;
export const longestPiece = 5;
/** At most so many pieces begin at one place. */
export const piecesPerUnit: number = longestPiece - shortestPiece + 1;

/** The words of a text, ready to be cut into terms. */
export interface TermText {
  /** In lower case, with one space before and after each: ` pay my bill `. */
  readonly text: string;
  /** Where each word begins. */
  readonly starts: readonly number[];
  /** One after its end. */
  readonly ends: readonly number[];
}

/** Told of a term: it lies in the text from `start` to before `end`. */
export type TermVisitor = (text: string, start: number, end: number) => void;

/** The words of a text that is in lower case already. */
export function wordsOf(lower: string): readonly string[] {
  return lower.match(word) ?? [];
}

/** Finds the words. */
export function termTextOf(text: string): TermText {
  const words = wordsOf(text.toLowerCase());
  const starts: number[] = [];
  const ends: number[] = [];
  let next = 1;
  for (const { length } of words) {
    starts.push(next);
    ends.push(next + length);
    next += length + 1;
  }
  return { text: ` ${words.join(" ")} `, starts, ends };
}

/** The words, then the pairs of neighbours: `pay`, `bill`, `pay bill`. */
export function visitWordTerms({ text, starts, ends }: TermText, visit: TermVisitor): void {
  for (let i = 0; i < starts.length; i++) visit(text, starts[i] ?? 0, ends[i] ?? 0);
  for (let i = 1; i < starts.length; i++) visit(text, starts[i - 1] ?? 0, ends[i] ?? 0);
}

/** The 3 to 5 character pieces of every word with a space at either end: ` pa`, `pay`, `ay `. */
export function visitPieces(text: TermText, visit: TermVisitor): void {
  for (let word = 0; word < text.starts.length; word++) visitPiecesOfWord(text, word, visit);
}

/** Those of the word at that place. */
export function visitPiecesOfWord({ text, starts, ends }: TermText, word: number, visit: TermVisitor): void {
  visitPiecesOf(text, (starts[word] ?? 0) - 1, (ends[word] ?? 0) + 1, visit);
}

/** A word too short for a length is taken whole, once. */
function visitPiecesOf(text: string, start: number, end: number, visit: TermVisitor): void {
  for (let length = shortestPiece; length <= longestPiece; length++) {
    if (end - start <= length) {
      visit(text, start, end);
      return;
    }
    for (let i = start; i + length <= end; i++) visit(text, i, i + length);
  }
}
