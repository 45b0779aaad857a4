/**
 * What the static model makes of a word. Asked for every word of a message, mostly when nothing of the tables is near in
 * memory: a plain word that the vocabulary has takes one look-up.
 */
import type { WordFamiliarity } from "../model.ts";
import { foreignWords } from "./foreign-words.ts";
import { splitWords, type Vocabulary } from "./wordpiece.ts";

/** Any letter of another script, which English never borrows. */
const otherScript = /(?!\p{Script=Latin})\p{L}/u;
/** Pieces before `firstRow` carry no meaning: they are not known. */
export function createFamiliarity(
  firstRow: number,
  { pieces }: Pick<Vocabulary, "pieces">,
): (word: string) => WordFamiliarity {
  const foreignIds = new Uint8Array(pieces.size);
  for (const word of foreignWords) {
    const id = pieces.find(word);
    if (id >= 0) foreignIds[id] = 1;
  }
  const familiarityOfPart = (part: string): WordFamiliarity => {
    const id = pieces.find(part);
    if (id < 0) return foreignWords.has(part) ? "foreign" : "unknown";
    if (foreignIds[id] === 1) return "foreign";
    return id >= firstRow ? "known" : "unknown";
  };
  return (word) => {
    if (isPlain(word)) return familiarityOfPart(word);
    if (otherScript.test(word)) return "foreign";
    return together(splitWords(word).map(familiarityOfPart));
  };
}

const [firstLetter, lastLetter] = [0x61, 0x7a];

/** A word of one part, as most are: letters from a to z and nothing else. */
function isPlain(word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const unit = word.charCodeAt(i);
    if (unit < firstLetter || unit > lastLetter) return false;
  }
  return word !== "";
}

/** By its parts: `don't` is three pieces, of which none is foreign. */
function together(parts: readonly WordFamiliarity[]): WordFamiliarity {
  if (parts.includes("foreign")) return "foreign";
  return parts.includes("unknown") ? "unknown" : "known";
}
