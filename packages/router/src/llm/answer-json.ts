/** The JSON of a language model's answer, also where it stands in a fence of Markdown or in an `answer` element, as models put it. */

const fence = /```(?:json)?([^`]*)(?:```|$)/gi;
const element = /<answer>([^<]*)(?:<\/answer>|$)/gi;

/** Undefined where there is none, or where several could be meant. */
export function answerJson(text: string): unknown {
  try {
    return JSON.parse(insideOf(element, insideOf(fence, text)));
  } catch {
    return undefined; // prose
  }
}

/** What the one wrapping holds; the whole text where there is none of them, or more than one. */
function insideOf(wrapping: RegExp, text: string): string {
  const [first, second] = text.matchAll(wrapping);
  return first === undefined || second !== undefined ? text : (first[1] ?? "");
}
