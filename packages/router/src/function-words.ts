/** Words that every text is full of, whatever it is about. */
import { eachOf } from "./language/languages.ts";
import { wordsOf } from "./words.ts";

const functionWords = eachOf(({ functionWords: lists }) => lists);

/** Whether a message has words and all of them are such: it can only be about what was said before. */
export function namesNothing(message: string): boolean {
  const words = wordsOf(message);
  return words.length > 0 && words.every((word) => functionWords.has(word.replace("\u2019", "'")));
}
