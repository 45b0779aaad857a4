/**
 * How a message in a conversation may be read: as it is, or as one of its clauses. "Thanks! Next one: may I hire the
 * hall?" asks for the hall only; in the vector of the whole the rest counts like all other words.
 */
import { anyOf, wordEnd, wordStart } from "./language/languages.ts";
import { wordsOf } from "./words.ts";

/** Words at its start that only tie a message to what was said before. */
const transition = new RegExp(
  `^(?:${anyOf(({ turn }) => turn.transitions)}(?: then| too)?${wordEnd}[\\s,.!:;?-]*)+`,
  "iu",
);
/** The same at its end; bounded, so that a long run of marks is not searched from each of its places. */
const closing = new RegExp(
  `[\\s,]{0,4}(?:${wordStart}${anyOf(({ turn }) => turn.lastTransitions)}${wordEnd}[\\s,.!?]{0,4})+$`,
  "iu",
);

const maxReadings = 6;
const leastClauseWords = 3;

/** The message without transitions, then its clauses of three words or more; at most six. */
export function readingsOf(message: string): readonly string[] {
  const whole = withoutTransition(message);
  const clauses = whole
    .split(/(?<=[.!?:])\s+|,\s+/)
    .map(withoutTransition)
    .filter((clause) => wordsOf(clause).length >= leastClauseWords);
  return [...new Set([whole, ...clauses])].slice(0, maxReadings);
}

/** The message itself where fewer than two words would be left. */
function withoutTransition(text: string): string {
  const rest = text.replace(transition, "").replace(closing, "");
  return wordsOf(rest).length >= 2 ? rest : text;
}
