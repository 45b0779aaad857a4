import type { Bond } from "@lmos/ranking";

/** Words that begin something new. English, like the greetings. */
const change =
  /\b(?:by the way|btw|(?:something|anything) else|(?:one|an)(?: more| other|other) (?:thing|question)|one more|next thing|(?:different|new|second|another) (?:question|topic|issue|matter)|speaking of|meanwhile|until then|before that|never ?mind|on another note|i also|also,|and also|another thing|besides)\b/i;

/** Whether a message says that it leaves the topic. */
export function bondOf(message: string): Bond {
  return change.test(message) ? "leaves" : "stays";
}
