/**
 * The WordPiece tokenizer of BERT (uncased): text is cleaned, stripped of accents and lower-cased, split into words,
 * punctuation and CJK characters, and each word into the longest pieces that the vocabulary has.
 */

/** Words longer than this are unknown as a whole, as in the reference tokenizer. */
const maxWordCharacters = 100;
const continuation = "##";

const cjk =
  "\\u4E00-\\u9FFF\\u3400-\\u4DBF\\u{20000}-\\u{2A6DF}\\u{2A700}-\\u{2CEAF}\\uF900-\\uFAFF\\u{2F800}-\\u{2FA1F}";
const punctuation = "!-\\/:-@\\[-`\\{-~\\p{P}";
const wordPattern = new RegExp(`[${cjk}]|[${punctuation}]|[^\\s${cjk}${punctuation}]+`, "gu");
/** Most texts are plain ASCII, which needs no Unicode tables: the same words in a fraction of the time. */
const plainText = /^[\t\n\r -~]*$/;
const plainWordPattern = /[!-/:-@[-`{-~]|[^\s!-/:-@[-`{-~]+/g;

/** The pieces of a vocabulary and their ids. */
export interface Vocabulary {
  readonly ids: ReadonlyMap<string, number>;
  /** Id of the piece that stands for an unknown word. */
  readonly unknownId: number;
  /** Characters of the longest piece: no longer match need be tried. */
  readonly longestPiece: number;
}

/** A vocabulary from its lines: line n holds the piece with id n. Undefined when it has no `[UNK]`. */
export function createVocabulary(lines: readonly string[]): Vocabulary | undefined {
  const ids = new Map(lines.map((piece, id) => [piece, id]));
  const unknownId = ids.get("[UNK]");
  if (unknownId === undefined) return undefined;
  const longestPiece = lines.reduce((longest, piece) => Math.max(longest, piece.length), 0);
  return { ids, unknownId, longestPiece };
}

/** Words, punctuation marks and CJK characters of a text, normalised, in order. */
export function splitWords(text: string): readonly string[] {
  if (plainText.test(text)) return text.toLowerCase().match(plainWordPattern) ?? [];
  return normalise(text).match(wordPattern) ?? [];
}

/** Ids of the pieces of a text, in order, without markers at either end. */
export function tokenize(text: string, vocabulary: Vocabulary): readonly number[] {
  const ids: number[] = [];
  for (const word of splitWords(text)) appendPieces(word, vocabulary, ids);
  return ids;
}

function normalise(text: string): string {
  const clean = text.replace(/\uFFFD|(?![\t\n\r])\p{C}/gu, "");
  return clean
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
}

/** Appends the pieces of one word; a word that cannot be cut into known pieces is one unknown. */
function appendPieces(word: string, vocabulary: Vocabulary, ids: number[]): void {
  const before = ids.length;
  let start = isTooLong(word) ? Number.NaN : 0;
  while (start < word.length) {
    const end = appendLongest(word, start, { vocabulary, ids });
    if (end === undefined) break;
    start = end;
  }
  if (start === word.length) return;
  ids.length = before;
  ids.push(vocabulary.unknownId);
}

/** Appends the longest piece that the word has at `start`; where it ends, undefined where there is none. */
function appendLongest(
  word: string,
  start: number,
  { vocabulary, ids }: { readonly vocabulary: Vocabulary; readonly ids: number[] },
): number | undefined {
  for (let end = Math.min(word.length, start + vocabulary.longestPiece); end > start; end--) {
    const id = vocabulary.ids.get(pieceAt(word, start, end));
    if (id === undefined) continue;
    ids.push(id);
    return end;
  }
  return undefined;
}

function pieceAt(word: string, start: number, end: number): string {
  return start === 0 ? word.slice(0, end) : continuation + word.slice(start, end);
}

function isTooLong(word: string): boolean {
  return word.length > maxWordCharacters && [...word].length > maxWordCharacters;
}
