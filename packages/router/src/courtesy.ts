/**
 * Greetings and thanks around a message. They say nothing about what it is for, but in a vector that is the sum of its
 * words they count like all others: "good morning, hope you can help" makes a short question look unrelated.
 */

const opening =
  /^(?:(?:(?:hi|hiya|hello|hey|greetings|good (?:morning|afternoon|evening|day))(?: (?:there|team|all|everyone|folks))?|dear (?:team|support|sir or madam)|please|pls|plz|ok|okay|so|well|um|sorry|excuse me)\b[\s,.!:;-]*)+/i;
const closing = /(?:\b(?:thanks|thank you|many thanks|thx|cheers|please|pls|plz|asap)\b[\s,.!]*)+$/i;
/** What stood before it; bounded, so that a long run of marks is not searched from each of its places. */
const closingMark = /[\s,]{1,4}$/;

/** The message without them; the message itself where nothing else is in it. */
export function withoutCourtesy(text: string): string {
  const rest = text.replace(opening, "").replace(closing, "").replace(closingMark, "");
  return rest.trim() === "" ? text : rest;
}
