/** Which languages a catalogue is written in: what of them can be read in messages, and what people say besides. */
import { runSteps } from "@lmos/ranking";
import { countWords, type WordCounts } from "../catalogue-words.ts";
import { english } from "./english.ts";
import type { Language } from "./language.ts";
import { languages } from "./languages.ts";

/** A text in a language has about a third of its commonest words; so much of a catalogue must be of one to count. */
const leastShare = 0.1;
/** And so many different ones: one may be a noun elsewhere ("bin"). */
const leastWords = 3;
/** Texts that are looked at for the sentences; a catalogue may have many thousands. */
const mostTexts = 500;

/**
 * The function words of every language that the catalogue is written in. A model for English takes those of other languages
 * for foreign, and a message full of them for unreadable: what agents themselves write can be read.
 */
export function spokenWords(counts: WordCounts): ReadonlySet<string> {
  return new Set(spokenLanguages(counts).flatMap(ownWordsOf));
}

/** What people say in the languages of a catalogue about everything else; in English where it is in none that is known. */
export function everydaySentencesFor(texts: readonly string[]): readonly string[] {
  const spoken = spokenLanguages(runSteps(countWords(texts.slice(0, mostTexts))));
  return (spoken.length === 0 ? [english] : spoken).flatMap(({ everyday }) => everyday);
}

function spokenLanguages(counts: WordCounts): readonly Language[] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return languages.filter((language) => {
    const found = ownWordsOf(language).flatMap((word) => counts.get(word) ?? []);
    return found.length >= leastWords && found.reduce((sum, count) => sum + count) > leastShare * total;
  });
}

/** Its function words that no other language has. */
function ownWordsOf(language: Language): readonly string[] {
  const shared = new Set(languages.filter((other) => other !== language).flatMap(wordsOf));
  return [...new Set(wordsOf(language))].filter((word) => !shared.has(word));
}

function wordsOf({ functionWords }: Language): readonly string[] {
  return functionWords.flatMap((list) => list.split(" "));
}
