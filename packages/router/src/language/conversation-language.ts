/**
 * Which language a user writes, told by the small words of the tables. Asked only when there is something to say to the user
 * and no agent says it, so a turn that an agent answers pays nothing.
 */
import { wordsOf } from "../words.ts";
import type { Language, LanguageTag } from "./language.ts";
import { languages, wordEnd, wordStart } from "./languages.ts";

/** A message of a conversation, whoever said it. */
export interface SaidMessage {
  readonly role: string;
  readonly content: string;
}

/** Of a message so many characters tell enough. */
const longestRead = 400;
/** Messages of the user that are looked at, from the last one back. */
const mostMessages = 5;
/** So much of a message must be small words of a language. A sentence has about twice as many. */
const leastShare = 0.2;

/** Words of the tables that are written in several languages, as names and in chats too: they tell nothing. */
const tellNothing = new Set(
  "a also am an as at bad be bin da den des dies du er es falls halt her hi i im in is it man me mine no nr of ok okay on so some still super um was will".split(
    " ",
  ),
);

/** So people greet in any language. */
const greetsEverywhere = /\b(?:hi|hey)\b/giu;

/** The last language that a message of the user is told to be in; undefined where none tells. */
export function spokenLanguageOf(messages: readonly SaidMessage[]): LanguageTag | undefined {
  const said = messages.filter(({ role }) => role === "user").slice(-mostMessages);
  for (const { content } of said.toReversed()) {
    const tag = languageOf(content.slice(0, longestRead));
    if (tag !== undefined) return tag;
  }
  return undefined;
}

function languageOf(text: string): LanguageTag | undefined {
  const words = wordsOf(text);
  const counts = languages.map(({ tag }) => ({
    tag,
    count: words.filter((word) => languageOfWord.get(word) === tag).length,
  }));
  const [most, next] = counts.toSorted((a, b) => b.count - a.count);
  if (most === undefined || most.count === 0) return languageOfCourtesy(text);
  return most.count > (next?.count ?? 0) && most.count >= leastShare * words.length ? most.tag : undefined;
}

/** "Guten Morgen" has no small word, and is German all the same. */
function languageOfCourtesy(text: string): LanguageTag | undefined {
  const telling = text.replace(greetsEverywhere, "");
  const [only, ...others] = polite.filter(({ words }) => words.test(telling));
  return others.length === 0 ? only?.tag : undefined;
}

/** Words of one language alone. */
const languageOfWord: ReadonlyMap<string, LanguageTag> = new Map(
  languages.flatMap((language) => {
    const shared = new Set(languages.filter((other) => other !== language).flatMap(smallWordsOf));
    const own = smallWordsOf(language).filter((word) => !shared.has(word) && !tellNothing.has(word));
    return own.map((word) => [word, language.tag] as const);
  }),
);

const polite = languages.map(({ tag, courtesy: { greetings, thanks, partings } }) => ({
  tag,
  words: new RegExp(`${wordStart}(?:${greetings}|${thanks}|${partings})${wordEnd}`, "iu"),
}));

function smallWordsOf({ functionWords }: Language): readonly string[] {
  return functionWords.flatMap((list) => list.split(" "));
}
