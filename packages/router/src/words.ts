/** A run of letters, with apostrophes inside. */
export const wordPattern: RegExp = /[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*/gu;

let last: { readonly text: string; readonly words: readonly string[] } = { text: "", words: [] };

/** The words of a text, in lower case, in order. Those of the last text are known: a message is read for its spelling, then for what of it is known. */
export function wordsOf(text: string): readonly string[] {
  if (text !== last.text) last = { text, words: text.toLowerCase().match(wordPattern) ?? [] };
  return last.words;
}
