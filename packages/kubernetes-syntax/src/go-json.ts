/** What Go's JSON reader says of a text that is no JSON, told from what the reader of this runtime says. */
import { errorMessage } from "@lmos/primitives";

const contexts: readonly (readonly [pattern: RegExp, context: string])[] = [
  [/after JSON/, "after top-level value"],
  [/Expected ':'/, "after object key"],
  [/property name/, "looking for beginning of object key string"],
  [/Expected ',' or '}'/, "after object key:value pair"],
  [/Expected ',' or '\]'/, "after array element"],
  [/control character/, "in string literal"],
  [/escape/, "in string escape code"],
];

/** Reads a text. Throws with Go's words. */
export function parseGoJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(goFault(text, errorMessage(error)), { cause: error });
  }
}

function goFault(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  const letter = position === undefined ? /token '(.)'/u.exec(message)?.[1] : text[Number(position)];
  if (letter === undefined || /end of JSON|Unterminated/.test(message)) return "unexpected end of JSON input";
  const context =
    contexts.find(([pattern]) => pattern.test(message))?.[1] ?? "looking for beginning of value";
  return `invalid character '${letter}' ${context}`;
}
