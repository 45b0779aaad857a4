/**
 * How much of a message the router can read. A model made for English gives every text a vector, also one in another
 * language, and a borrowed word ("router", "internet") may put that vector close to a capability. So the share of
 * words is measured that the model knows or the catalogue uses; below half, the message is not routed.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { wordsOf } from "./words.ts";

/** Below this share of known words a message is taken to be in a language that the router does not read. */
export const coverageThreshold = 0.5;

/** Reads one message. */
export interface Coverage {
  /** Share of the message's words that are known, 0 to 1; 1 for a message without words. */
  of(message: string): number;
}

/** From the texts of the catalogue: its own words are known whatever the model says. */
export function createCoverage(texts: readonly string[], embedding: EmbeddingModel): Coverage {
  const { knowsWord } = embedding;
  if (knowsWord === undefined) return { of: () => 1 };
  const ownWords = new Set(texts.flatMap(wordsOf));
  const isKnown = (word: string): boolean =>
    ownWords.has(word) || word.split(/['’]/).every((part) => (part.length < 3 ? true : knowsWord(part)));
  return { of: (message) => coveredShare(wordsOf(message), isKnown) };
}

/** One known word is added to the count: a single unknown word proves nothing. */
function coveredShare(words: readonly string[], isKnown: (word: string) => boolean): number {
  return (words.filter(isKnown).length + 1) / (words.length + 1);
}
