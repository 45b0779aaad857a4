/** What the words of a message say of how it stands to what was said before it. */
import { anyOf, wordEnd, wordStart } from "./language/languages.ts";
import { wordsOf } from "./words.ts";

const change = new RegExp(`${wordStart}${anyOf(({ turn }) => turn.changes)}${wordEnd}`, "iu");

/** Whether a message says that it begins something new. */
export function beginsAnew(message: string): boolean {
  return change.test(message);
}

const conjunction = new RegExp(`^\\s*${anyOf(({ turn }) => turn.conjunctions)}${wordEnd}`, "iu");
const preposition = new RegExp(`^\\s*${anyOf(({ turn }) => turn.prepositions)}${wordEnd}`, "iu");
const sentence = new RegExp(`${wordStart}${anyOf(({ turn }) => turn.sentence)}${wordEnd}`, "iu");

/** Whether a message is no sentence of its own but goes on with one that was said before: "and in April?", "to which account?" */
export function goesOn(message: string): boolean {
  const isTied = conjunction.test(message) || (preposition.test(message) && !beginsAnew(message));
  return isTied && !sentence.test(message);
}

const correction = new RegExp(
  `^\\s*(?:${anyOf(({ turn }) => turn.transitions)}${wordEnd}[\\s,.!]*)*${anyOf(({ turn }) => turn.corrections)}${wordEnd}`,
  "iu",
);

/** Whether a message puts right what was said before: "no, I meant …". */
export function corrects(message: string): boolean {
  return correction.test(message);
}

const denied = new RegExp(
  `(^|[,.;:!]\\s+)(?:${anyOf(({ turn }) => turn.denials)}${wordEnd}[^,.;:!?]*[,.;:!]\\s*)+`,
  "giu",
);

/** The message without what it says that it is not about; the message itself where no two words would be left. */
export function withoutDenied(message: string): string {
  const rest = message.replace(denied, "$1");
  return wordsOf(rest).length >= 2 ? rest : message;
}

const pronoun = new RegExp(`${wordStart}${anyOf(({ turn }) => turn.pronouns)}${wordEnd}`, "iu");
/** Such a word is one by itself before a mark or a verb, and else belongs to a noun: "that parcel". */
const demonstrative = new RegExp(
  `${wordStart}${anyOf(({ turn }) => turn.demonstratives)}(?=\\s*(?:[?.,!]|$)|\\s+${anyOf(({ turn }) => turn.afterDemonstratives)}${wordEnd})`,
  "iu",
);

/** Whether a message stands for something by a pronoun, most likely for what was said before: "how much is it?" */
export function refersBack(message: string): boolean {
  return pronoun.test(message) || demonstrative.test(message);
}
