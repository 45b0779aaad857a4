import { isRecord } from "@lmos/primitives";

/** Longer answers are no answers. */
const maxAnswerLength = 1000;

/** The one id of an answer, when it is `{"id": "…"}` with an id that was offered; else undefined. */
export function parseChoice(answer: string, ids: readonly string[]): string | undefined {
  if (answer.length > maxAnswerLength) return undefined;
  const value = parseJson(answer);
  if (!isRecord(value) || Object.keys(value).length !== 1) return undefined;
  return ids.find((id) => id === value["id"]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // prose
  }
}
