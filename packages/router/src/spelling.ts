/**
 * Slips of the pen. A misspelt word falls into word pieces that mean something else, so a word that the model does not
 * know is read as the catalogue's word that it is one slip away from: a letter missing, doubled, wrong, or out of
 * place. Words that the model knows stay as they are.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { WordCounts } from "./catalogue-words.ts";
import { wordPattern, wordsOf } from "./words.ts";

/** Shorter words are one slip away from too many others, longer ones are no words. */
const repairedLengths = { least: 4, most: 40 };

const none: readonly string[] = [];

/** Puts misspelt words right. */
export interface Spelling {
  /** The text with misspelt words replaced; all else as it was. */
  repair(text: string): string;
}

/** From the words of the catalogue. A model that knows every word needs no repair. */
export function createSpelling(counts: WordCounts, embedding: EmbeddingModel): Spelling {
  const { familiarityOf } = embedding;
  if (familiarityOf === undefined) return { repair: (text) => text };
  let slips: ReadonlyMap<string, readonly string[]> | undefined;
  /** Made when the first unknown word comes: it is the larger part of an index, and many channels hear few words. */
  const wordsBySlip = (): ReadonlyMap<string, readonly string[]> => {
    slips ??= indexBySlip(counts);
    return slips;
  };
  const near = (lower: string): readonly string[] => {
    // Nearly every word is known to the model, which then takes one look-up.
    if (!isRepairable(lower) || familiarityOf(lower) !== "unknown" || counts.has(lower)) return none;
    const bySlip = wordsBySlip();
    return slipsOf(lower).flatMap((slip) => bySlip.get(slip) ?? []);
  };
  const isMisspelt = (lower: string): boolean => near(lower).length > 0;
  const repairWord = (word: string): string =>
    near(word.toLowerCase()).reduce((best, other) => (isCommoner(other, best, counts) ? other : best), word);
  return {
    // Few texts hold a misspelt word: only those are put together anew.
    repair: (text) => (wordsOf(text).some(isMisspelt) ? text.replace(wordPattern, repairWord) : text),
  };
}

/** Of words that are used as often, the first in the alphabet: the order of the texts must not matter. */
function isCommoner(word: string, other: string, counts: WordCounts): boolean {
  const difference = (counts.get(word) ?? 0) - (counts.get(other) ?? 0);
  return difference > 0 || (difference === 0 && word < other);
}

/** Every word under each of its slips: two words that share one are a slip apart. */
function indexBySlip(words: WordCounts): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const word of words.keys()) {
    for (const slip of isRepairable(word) ? slipsOf(word) : []) {
      const others = index.get(slip);
      if (others === undefined) index.set(slip, [word]);
      else others.push(word);
    }
  }
  return index;
}

function isRepairable({ length }: string): boolean {
  return length >= repairedLengths.least && length <= repairedLengths.most;
}

/** The word itself, and the word without any one of its letters. */
function slipsOf(word: string): readonly string[] {
  return [word, ...Array.from(word, (_, i) => word.slice(0, i) + word.slice(i + 1))];
}
