/**
 * Slips of the pen. A misspelt word falls into word pieces that mean something else, so a word that the model does not
 * know is read as the catalogue's word that it is one slip away from: a letter missing, doubled, wrong, or out of
 * place. Words that the model knows stay as they are.
 */
import type { EmbeddingModel, WordFamiliarity } from "@lmos/embeddings";
import type { WordCounts } from "./catalogue-words.ts";
import { knownWordsOf } from "./known-words.ts";
import { isRepairable, SlipIndex } from "./slip-index.ts";
import { wordPattern } from "./words.ts";

/** Puts misspelt words right. */
export interface Spelling {
  /** The text with misspelt words replaced; all else as it was. */
  repair(text: string): string;
}

/** From the words of the catalogue. A model that knows every word needs no repair. */
export function createSpelling(counts: WordCounts, embedding: EmbeddingModel): Spelling {
  const { familiarityOf } = embedding;
  if (familiarityOf === undefined) return { repair: (text) => text };
  /** Made when the first unknown word comes: many channels hear few words. */
  let slips: SlipIndex | undefined;
  const nearest = (lower: string, familiarity: WordFamiliarity | undefined): string | undefined => {
    if (familiarity !== "unknown" || !isRepairable(lower) || counts.has(lower)) return undefined;
    slips ??= new SlipIndex(counts);
    return slips.nearest(lower);
  };
  const isMisspelt = (text: string): boolean => {
    const { words, familiarities } = knownWordsOf(text, familiarityOf);
    return words.some((word, i) => nearest(word, familiarities[i]) !== undefined);
  };
  const repairWord = (word: string): string => {
    const lower = word.toLowerCase();
    return nearest(lower, familiarityOf(lower)) ?? word;
  };
  return {
    // Few texts hold a misspelt word: only those are put together anew.
    repair: (text) => (isMisspelt(text) ? text.replace(wordPattern, repairWord) : text),
  };
}
