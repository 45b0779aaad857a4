/**
 * A message cut where it may turn to something else: after sentences, and at "and" or "also" between what could be
 * sentences. Whether the pieces are about different things is for the router to say.
 */

/** Pieces of one message; more are not looked for. */
const maxPieces = 6;
/** A longer message tells a story: its sentences belong together. */
const maxLength = 300;
/** Words that a piece needs to stand alone. */
const minWords = 3;

const sentenceEnd = /(?<=[.?!;])\s+/u;
const joint = /[,;]?\s+(?:and also|and|also|as well as)\s+|,\s+/iu;

/** Its pieces, in order; the message alone where there is nothing to cut. */
export function splitMessage(message: string): readonly string[] {
  if (message.length > maxLength) return [message];
  const pieces = message.split(sentenceEnd).flatMap((sentence) => mergeShort(sentence.split(joint)));
  const told = pieces
    .map((piece) => piece.replace(/^(?:and|also|then)\b[\s,]*/iu, "").trim())
    .filter((piece) => piece !== "");
  return told.length > maxPieces ? [message] : told;
}

/** A piece that cannot stand alone belongs to the one before it: "of March and of April". */
function mergeShort(pieces: readonly string[]): readonly string[] {
  const merged: string[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last === undefined || (wordsIn(piece) >= minWords && wordsIn(last) >= minWords)) merged.push(piece);
    else merged[merged.length - 1] = `${last} and ${piece}`;
  }
  return merged;
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}
