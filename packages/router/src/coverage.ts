/**
 * How much of a message the router can read. A model made for English gives every text a vector, also one in another
 * language, and a borrowed word ("router", "internet") may put that vector close to a capability. So the share of
 * words is measured that the model knows or the catalogue uses; below half, the message is not routed.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { WordCounts } from "./catalogue-words.ts";
import { knownWordsOf } from "./known-words.ts";
import { spokenWords } from "./language/spoken-languages.ts";

/** A message with less coverage than this is taken to be in a language that the router does not read. */
export const coverageThreshold = 0.5;

/** Whether enough of a message can be read to route it, by its coverage. */
export function isReadable(coverage: number): boolean {
  return coverage >= coverageThreshold;
}

/** Reads one message. */
export interface Coverage {
  /** Share of the message's words that can be read, 0 to 1; 1 for a message without words. */
  of(message: string): number;
  /** The same of a message with nothing before it: 0 where all that can be read of it are small words without a meaning. */
  ofFirst(message: string): number;
  /** Whether there are small words of a language in it that neither the model nor the catalogue has. */
  hasForeignWords(message: string): boolean;
}

/** From the words of the catalogue: they are known whatever the model says. */
export function createCoverage(ownWords: WordCounts, embedding: EmbeddingModel): Coverage {
  const { familiarityOf } = embedding;
  if (familiarityOf === undefined) return { of: () => 1, ofFirst: () => 1, hasForeignWords: () => false };
  const spoken = spokenWords(ownWords);
  const isOwn = (word: string): boolean => ownWords.has(word) || spoken.has(word);
  const coverageOf = (message: string): number => {
    const { words, familiarities } = knownWordsOf(message, familiarityOf);
    let known = 0;
    let foreign = 0;
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? "";
      if (familiarities[i] === "known" || isOwn(word)) known += 1;
      else if (familiarities[i] === "foreign") foreign += 1;
    }
    return coveredShare(words.length, known - foreignWeight * foreign);
  };
  const coverage = (message: string): number => {
    const covered = coverageOf(message);
    if (isReadable(covered)) return covered;
    const words = message.replace(identifier, " ");
    return words === message ? covered : coverageOf(words);
  };
  const tellsNothing = (message: string): boolean => {
    const { words, familiarities } = knownWordsOf(message, familiarityOf);
    if (familiarities.includes("known")) return false;
    const others = words.filter((word) => !spoken.has(word));
    if (others.length === words.length || others.some((word) => ownWords.has(word))) return false;
    return others.length >= fewestUnread;
  };
  return {
    of: coverage,
    ofFirst: (message) => (tellsNothing(message) ? 0 : coverage(message)),
    hasForeignWords: (message) => {
      const { words, familiarities } = knownWordsOf(message, familiarityOf);
      return words.some((word, i) => familiarities[i] === "foreign" && !isOwn(word));
    },
  };
}

/** "DE12 3456", "BX19", "anna@example.com": their letters are no words of any language. */
const identifier = /\S*[\d@]\S*/gu;

/** Known words that one small word of another language outweighs: "no tengo internet" is Spanish. */
const foreignWeight = 2;

/**
 * A model has no meaning for the small words of a language that only the catalogue is written in: of "meine Katze ist krank" they
 * are all that is left, and the vector that of "meine … ist". One unread word more may be a name.
 */
const fewestUnread = 2;

/** One known word is added to the count, because a single unknown one proves nothing. */
function coveredShare(words: number, read: number): number {
  return Math.max(0, read + 1) / (words + 1);
}
