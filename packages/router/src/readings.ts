/**
 * How a message in a conversation may be read: as it is, or as one of its clauses. "Thanks! Next one: may I hire the
 * hall?" asks for the hall only; in the vector of the whole the rest counts like all other words.
 */
import { wordsOf } from "./words.ts";

/** Words at its start that only tie a message to what was said before. English, like the greetings. */
const transition =
  /^(?:(?:al ?right|all right|great|good|fine|perfect|lovely|thanks|thank you|i see|not bad|let's see|right|oh|ok|okay|yes|no|well|so|and|but|also|then|now|next one|one more(?: thing| question)?|(?:something|anything) else|(?:i've got |i have )?another (?:thing|question|matter)|by the way|btw|meanwhile|never ?mind|besides|while (?:i have you|(?:i'm|we're|we are) at it)|speaking of \w+)(?: then| too)?\b[\s,.!:;?-]*)+/i;
/** The same at its end; bounded, so that a long run of marks is not searched from each of its places. */
const closing = /[\s,]{0,4}(?:\b(?:by the way|btw|meanwhile|too|as well|also|then|though)\b[\s,.!?]{0,4})+$/i;

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
