import { wordsOf } from "./words.ts";

/**
 * Words as they are typed in a hurry, and what they stand for. The model takes "u" and "tmrw" for rare words, and a short
 * question then looks unrelated. Only spellings that stand for one thing whatever a channel is about.
 */
const spellings: Readonly<Record<string, string>> = {
  u: "you",
  ur: "your",
  r: "are",
  pls: "please",
  plz: "please",
  thx: "thanks",
  tmrw: "tomorrow",
  tmr: "tomorrow",
  tmw: "tomorrow",
  "2moro": "tomorrow",
  "2day": "today",
  tonite: "tonight",
  cuz: "because",
  bc: "because",
  ppl: "people",
  msg: "message",
  acct: "account",
  appt: "appointment",
  abt: "about",
  wanna: "want to",
  gonna: "going to",
  gotta: "have to",
};
/** In small letters and by itself: not the "U" of "U-Bahn", nor the "r" of "r&b" or "a.r.". */
const hasty = new RegExp(
  `(?<![\\w.&'’-])(?:${Object.keys(spellings).join("|")})(?![\\w.&'’-]\\w|[\\w&'’-])`,
  "g",
);

/** Their letters: the words of a message are known, and few have one of these. */
const hastyLetters: ReadonlySet<string> = new Set(
  Object.keys(spellings).map((spelling) => spelling.replace(/\d/g, "")),
);

/** The text with such words written out. */
export function writtenOut(text: string): string {
  if (!wordsOf(text).some((word) => hastyLetters.has(word))) return text;
  return text.replace(hasty, (word) => spellings[word] ?? word);
}
