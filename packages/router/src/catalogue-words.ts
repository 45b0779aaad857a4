/** The words of a catalogue: which there are, and how often. */
import { mapInSteps, type Steps } from "@lmos/ranking";
import { wordsOf } from "./words.ts";

/** How often each word occurs, in lower case. */
export type WordCounts = ReadonlyMap<string, number>;

/** What a text costs to be cut into words, in multiplications. */
const textCost = 10_000;

/** Counts them, pausing every few milliseconds. */
export function* countWords(texts: readonly string[]): Steps<WordCounts> {
  const counts = new Map<string, number>();
  yield* mapInSteps(texts, textCost, (text) => {
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  });
  return counts;
}
