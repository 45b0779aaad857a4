/** Words that begin something new. English, like the greetings. */
const change =
  /\b(?:by the way|btw|(?:something|anything) else|(?:one|an)(?: more| other|other) (?:thing|question)|one more|next thing|(?:different|new|second|another) (?:question|topic|issue|matter)|speaking of|meanwhile|until then|before that|never ?mind|on another note|i also|also,|and also|another thing|besides)\b/i;

/** Whether a message says that it begins something new. */
export function beginsAnew(message: string): boolean {
  return change.test(message);
}

/** Words that tie a message to the sentence before it. */
const conjunction = /^\s*(?:and|or|but|so|then|what about|how about)\b/i;
/** Words that begin a part of a sentence: when, where, for whom or how. */
const preposition =
  /^\s*(?:in|on|at|to|for|from|with|without|by|until|till|before|after|around|since|near|next to|under|over|as)\b/i;
/** What a sentence of its own has: a subject, or one of the commonest verbs. */
const sentence =
  /\b(?:i|we|he|she|they|you|can|could|do|does|did|don't|doesn't|didn't|is|are|was|were|isn't|aren't|have|has|had|may|will|would|shall|should|need|want|must|am|be)\b|['\u2019](?:m|re|ve|ll|d|s)\b/i;

/** Whether a message is no sentence of its own but goes on with one that was said before: "and in April?", "to which account?" */
export function goesOn(message: string): boolean {
  const isTied = conjunction.test(message) || (preposition.test(message) && !beginsAnew(message));
  return isTied && !sentence.test(message);
}

const pronoun = /\b(?:it|it['\u2019]s|its|them|they)\b/i;
/** Such a word is one by itself before a mark or a verb, and else belongs to a noun: "that parcel". */
const demonstrative =
  /\b(?:that|this|those|these)(?=\s*(?:[?.,!]|$)|\s+(?:is|was|will|does|do|be|for|in|on|at|to|by|from|with|too|then|costs?|takes?|works?|means?|goe?s?|and)\b)/i;

/** Whether a message stands for something by a pronoun, most likely for what was said before: "how much is it?" */
export function refersBack(message: string): boolean {
  return pronoun.test(message) || demonstrative.test(message);
}
