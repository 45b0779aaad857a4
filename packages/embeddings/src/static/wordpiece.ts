/**
 * The WordPiece tokenizer of BERT (uncased): text is cleaned, stripped of accents and lower-cased, split into words,
 * punctuation and CJK characters, and each word into the longest pieces that the vocabulary has, which `piece-finder.ts` does.
 */
import { TermTable } from "@lmos/primitives";

const cjk =
  "\\u4E00-\\u9FFF\\u3400-\\u4DBF\\u{20000}-\\u{2A6DF}\\u{2A700}-\\u{2CEAF}\\uF900-\\uFAFF\\u{2F800}-\\u{2FA1F}";
const punctuation = "!-\\/:-@\\[-`\\{-~\\p{P}";
const wordPattern = new RegExp(`[${cjk}]|[${punctuation}]|[^\\s${cjk}${punctuation}]+`, "gu");
/** Most texts are plain ASCII, which needs no Unicode tables: the same words in a fraction of the time. */
const plainText = /^[\t\n\r -~]*$/;
const plainWordPattern = /[!-/:-@[-`{-~]|[^\s!-/:-@[-`{-~]+/g;

/** The pieces of a vocabulary and their ids. */
export interface Vocabulary {
  /** The number of a piece is its id; one that continues a word begins with `##`. */
  readonly pieces: Pick<TermTable, "find" | "findUnits" | "size">;
  /** Id of the piece that stands for an unknown word. */
  readonly unknownId: number;
  /** Characters of the longest piece: no longer match need be tried. */
  readonly longestPiece: number;
}

/** A vocabulary from its lines, no two of them equal: line n holds the piece with id n. Undefined when it has no `[UNK]`. */
export function createVocabulary(lines: readonly string[]): Vocabulary | undefined {
  const pieces = new TermTable();
  for (const piece of lines) pieces.enter(piece, 0, piece.length);
  const unknownId = pieces.find("[UNK]");
  if (unknownId < 0) return undefined;
  const longestPiece = lines.reduce((longest, piece) => Math.max(longest, piece.length), 0);
  return { pieces, unknownId, longestPiece };
}

/** Words, punctuation marks and CJK characters of a text, normalised, in order. */
export function splitWords(text: string): readonly string[] {
  if (plainText.test(text)) return text.toLowerCase().match(plainWordPattern) ?? [];
  return normalise(text).match(wordPattern) ?? [];
}

function normalise(text: string): string {
  const clean = text.replace(/\uFFFD|(?![\t\n\r])\p{C}/gu, "");
  return clean
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
}
