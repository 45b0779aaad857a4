/**
 * Slips of the pen. A misspelt word falls into word pieces that mean something else, so a word that the model does not
 * know is read as the catalogue's word that it is one slip away from: a letter missing, doubled, wrong, or out of
 * place. Words that the model knows stay as they are.
 */
import type { EmbeddingModel, WordFamiliarity } from "@lmos/embeddings";
import type { WordCounts } from "./catalogue-words.ts";
import { knownWordsOf } from "./known-words.ts";
import { spokenWords } from "./language/spoken-languages.ts";
import { isRepairable, SlipIndex } from "./slip-index.ts";
import { wordPattern } from "./words.ts";

/** Puts misspelt words right. */
export interface Spelling {
  /** The text with misspelt words replaced; all else as it was. */
  repair(text: string): string;
}

/**
 * In a language that the model does not know, nearly every word is unknown and few are misspelt: of its short ones most that are
 * a slip away from a word of the catalogue are words of their own ("Katze" and "Karte").
 */
const leastForeignLength = 7;

/** Whether the model knows too little of the language that a catalogue is written in to tell words from slips. */
function isForeign(counts: WordCounts, familiarityOf: (word: string) => WordFamiliarity): boolean {
  const spoken = [...spokenWords(counts)].map(familiarityOf);
  const countOf = (familiarity: WordFamiliarity) => spoken.filter((each) => each === familiarity).length;
  return countOf("foreign") > countOf("known");
}

/** From the words of the catalogue. A model that knows every word needs no repair. */
export function createSpelling(counts: WordCounts, embedding: EmbeddingModel): Spelling {
  const { familiarityOf } = embedding;
  if (familiarityOf === undefined) return { repair: (text) => text };
  /** Made when the first unknown word comes: many channels hear few words. */
  let slips: SlipIndex | undefined;
  let least: number | undefined;
  const nearest = (lower: string, familiarity: WordFamiliarity | undefined): string | undefined => {
    if (familiarity !== "unknown" || !isRepairable(lower) || counts.has(lower)) return undefined;
    least ??= isForeign(counts, familiarityOf) ? leastForeignLength : 0;
    if (lower.length < least) return undefined;
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
