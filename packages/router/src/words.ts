/** A run of letters, with apostrophes inside. */
export const wordPattern: RegExp = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

let last: { readonly text: string; readonly words: readonly string[] } = { text: "", words: [] };

/** The words of a text, in lower case, in order. Those of the last text are known: a message is read for its spelling, then for what of it is known. */
export function wordsOf(text: string): readonly string[] {
  if (text !== last.text) last = { text, words: findWords(text.toLowerCase()) };
  return last.words;
}

const asciiUnits = 0x80;
const apostrophe = 0x27;
const [firstLetter, lastLetter] = [0x61, 0x7a];

/** Most texts are plain ASCII, which needs no Unicode tables: the same words in a fraction of the time. */
function findWords(lower: string): readonly string[] {
  const words: string[] = [];
  let start = -1;
  for (let i = 0; i <= lower.length; i++) {
    const unit = lower.charCodeAt(i); // NaN at the end, which ends a word
    if (unit >= asciiUnits) return lower.match(wordPattern) ?? [];
    if (isLetter(unit)) {
      if (start < 0) start = i;
    } else if (start >= 0 && !(unit === apostrophe && isLetter(lower.charCodeAt(i + 1)))) {
      words.push(lower.slice(start, i));
      start = -1;
    }
  }
  return words;
}

function isLetter(unit: number): boolean {
  return unit >= firstLetter && unit <= lastLetter;
}
