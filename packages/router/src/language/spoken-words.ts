/** Which languages a catalogue is written in, and so which of their small words can be read in messages. */
import type { WordCounts } from "../catalogue-words.ts";
import type { Language } from "./language.ts";
import { languages } from "./languages.ts";

/** A text in a language has about a third of its commonest words; so much of a catalogue must be of one to count. */
const leastShare = 0.1;

/**
 * The function words of every language that the catalogue is written in. A model for English takes those of other languages
 * for foreign, and a message full of them for unreadable: what agents themselves write can be read.
 */
export function spokenWords(counts: WordCounts): ReadonlySet<string> {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return new Set(
    languages
      .map(ownWordsOf)
      .filter((own) => countOf(own, counts) > leastShare * total)
      .flatMap((own) => [...own]),
  );
}

/** Its function words that no other language has. */
function ownWordsOf(language: Language): ReadonlySet<string> {
  const others = languages.filter((other) => other !== language).flatMap(wordsOf);
  const shared = new Set(others);
  return new Set(wordsOf(language).filter((word) => !shared.has(word)));
}

function wordsOf({ functionWords }: Language): readonly string[] {
  return functionWords.flatMap((list) => list.split(" "));
}

function countOf(words: ReadonlySet<string>, counts: WordCounts): number {
  return [...words].reduce((sum, word) => sum + (counts.get(word) ?? 0), 0);
}
