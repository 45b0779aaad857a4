/** Longest part of a message that is scored: more adds time and blurs what it is about. */
const maxScoredCharacters = 4000;

/** Most messages are plain words with single spaces between: nothing is taken from them. */
const cleanText = /^[!-~]+(?: [!-~]+)*$/;

/**
 * The part of a message that is scored: without control characters and surplus white space, cut at 4,000 characters.
 * Empty when there is nothing to score.
 */
export function scoredText(message: string): string {
  if (message.length <= maxScoredCharacters && cleanText.test(message)) return message;
  const start = message.slice(0, 2 * maxScoredCharacters).toWellFormed();
  const clean = start.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return clean.slice(0, maxScoredCharacters).toWellFormed();
}
