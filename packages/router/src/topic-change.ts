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
