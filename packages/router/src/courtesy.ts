/**
 * Greetings and thanks around a message. They say nothing about what it is for, but in a vector that is the sum of its
 * words they count like all others: "good morning, hope you can help" makes a short question look unrelated.
 */
import { anyOf, wordEnd, wordStart } from "./language/languages.ts";

const opening = new RegExp(`^(?:${anyOf(({ courtesy }) => courtesy.openings)}${wordEnd}[\\s,.!:;-]*)+`, "iu");
const closing = new RegExp(
  `(?:${wordStart}${anyOf(({ courtesy }) => courtesy.closings)}${wordEnd}[\\s,.!]*)+$`,
  "iu",
);
/** What stood before it; bounded, so that a long run of marks is not searched from each of its places. */
const closingMark = /[\s,]{1,4}$/;

/** The message without them; the message itself where nothing else is in it. */
export function withoutCourtesy(text: string): string {
  const rest = text.replace(opening, "").replace(closing, "").replace(closingMark, "");
  return rest.trim() === "" ? text : rest;
}

/** What a message is that is nothing but polite. */
export type Courtesy = "greeting" | "thanks" | "parting";

/** Longer ones say something; and nobody makes the pattern below try for long. */
const longestCourtesy = 80;

/** Words of other languages that are met often, beside those of the tables. */
const elsewhere = {
  greetings: "bonjour|bonsoir|salut|hola|buenos d[ií]as|buenas tardes|ciao|buongiorno|ol[áa]",
  thanks: "merci|gracias|grazie|obrigad[oa]",
  partings: "au revoir|adi[óo]s",
};
const greetings = `${anyOf(({ courtesy }) => courtesy.greetings)}|${elsewhere.greetings}`;
const thanks = `${anyOf(({ courtesy }) => courtesy.thanks)}|${elsewhere.thanks}`;
const partings = `${anyOf(({ courtesy }) => courtesy.partings)}|${elsewhere.partings}`;
const around = anyOf(({ courtesy }) => courtesy.around);

const spoken = new RegExp(
  `^(?:(?:${greetings}|${thanks}|${partings}|${around})${wordEnd}[^\\p{L}\\p{N}]*)+$`,
  "iu",
);
const kinds: readonly (readonly [Courtesy, RegExp])[] = [
  ["parting", wordsIn(partings)],
  ["thanks", wordsIn(thanks)],
  ["greeting", wordsIn(greetings)],
];

function wordsIn(alternatives: string): RegExp {
  return new RegExp(`${wordStart}(?:${alternatives})${wordEnd}`, "iu");
}

/**
 * What a message is in which there is nothing but politeness; undefined for every other one, and for one that is only
 * "ok" or the like, which may be an answer.
 */
export function mereCourtesy(message: string): Courtesy | undefined {
  if (message.length > longestCourtesy) return undefined;
  const text = message.trim().replaceAll("\u2019", "'");
  if (!spoken.test(text)) return undefined;
  return kinds.find(([, words]) => words.test(text))?.[0];
}
