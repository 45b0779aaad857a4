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

/** What a message is that is nothing but polite. */
export type Courtesy = "greeting" | "thanks" | "parting";

/** Longer ones say something; and nobody makes the pattern below try for long. */
const longestCourtesy = 80;

/** What people say at the beginning, for thanks, at the end, and around these; in the languages that are most often met. */
const greetings =
  "hi|hiya|hello|hey|yo|greetings|good (?:morning|afternoon|evening|day)|morning|how are you(?: doing)?(?: today)?|how'?s it going|nice to meet you|(?:is )?(?:anyone|anybody|somebody|someone)(?: there| here)?|are you there|hallo|guten (?:morgen|tag|abend)|moin|servus|bonjour|bonsoir|salut|hola|buenos d[ií]as|buenas tardes|ciao|buongiorno|ol[áa]";
const thanks =
  "thanks|thank you|many thanks|thx|ty|cheers|danke(?: sch[öo]n)?|vielen dank|merci|gracias|grazie|obrigad[oa]";
const partings =
  "bye(?: bye)?|goodbye|good night|see (?:you|ya)|have a (?:nice|good|great|lovely) (?:day|evening|weekend|one)|that'?s (?:all|it)|tsch[üu]ss|auf wiedersehen|au revoir|adi[óo]s";
const around =
  "there|here|team|all|everyone|folks|guys|again|so much|very much|a lot|for (?:your|the) help|for now|you too|please|great|perfect|super|cool|nice|lovely|awesome|ok|okay|alright|and|then|well|oh";

const spoken = new RegExp(
  `^(?:(?:${greetings}|${thanks}|${partings}|${around})(?![\\p{L}\\p{N}])[^\\p{L}\\p{N}]*)+$`,
  "iu",
);
const kinds: readonly (readonly [Courtesy, RegExp])[] = [
  ["parting", wordsIn(partings)],
  ["thanks", wordsIn(thanks)],
  ["greeting", wordsIn(greetings)],
];

function wordsIn(alternatives: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, "iu");
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
