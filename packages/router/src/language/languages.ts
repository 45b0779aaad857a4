/** All languages at once. */
import { english } from "./english.ts";
import { german } from "./german.ts";
import type { Language, Words } from "./language.ts";

/** The tables that there are. */
export const languages: readonly Language[] = [english, german];

/** Where a word begins and ends; `\b` takes an umlaut for the end of a word. */
export const wordStart = "(?<![\\p{L}\\p{N}_])";
/** See {@link wordStart}. */
export const wordEnd = "(?![\\p{L}\\p{N}_])";

/** The words of all languages, as one group of a regular expression. */
export function anyOf(wordsOf: (language: Language) => Words): string {
  return `(?:${languages
    .map(wordsOf)
    .filter((words) => words !== "")
    .join("|")})`;
}

/** The words of all languages, each for itself: of lists that are separated by blanks. */
export function eachOf(listOf: (language: Language) => string | readonly string[]): ReadonlySet<string> {
  return new Set(languages.flatMap(listOf).flatMap((list) => list.split(" ")));
}
