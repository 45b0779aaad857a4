/**
 * How much of a message the router can read. A model made for English gives every text a vector, also one in another
 * language, and a borrowed word ("router", "internet") may put that vector close to a capability. So the share of
 * words is measured that the model knows or the catalogue uses; below half, the message is not routed.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { WordCounts } from "./catalogue-words.ts";
import { knownWordsOf } from "./known-words.ts";

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
}

/** From the words of the catalogue: they are known whatever the model says. */
export function createCoverage(ownWords: WordCounts, embedding: EmbeddingModel): Coverage {
  const { familiarityOf } = embedding;
  if (familiarityOf === undefined) return { of: () => 1 };
  return {
    of: (message) => {
      const { words, familiarities } = knownWordsOf(message, familiarityOf);
      let known = 0;
      let foreign = 0;
      for (let i = 0; i < words.length; i++) {
        if (familiarities[i] === "known" || ownWords.has(words[i] ?? "")) known += 1;
        else if (familiarities[i] === "foreign") foreign += 1;
      }
      return coveredShare(words.length, known - foreignWeight * foreign);
    },
  };
}

/** Known words that one small word of another language outweighs: "no tengo internet" is Spanish. */
const foreignWeight = 2;

/** One known word is added to the count, because a single unknown one proves nothing. */
function coveredShare(words: number, read: number): number {
  return Math.max(0, read + 1) / (words + 1);
}
