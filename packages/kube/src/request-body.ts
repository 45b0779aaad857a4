/**
 * The JSON of a request. Kubernetes reads an apply as YAML, to which JSON is almost a part: some characters that JSON has as
 * they are, YAML refuses or takes for line breaks, and half a character it cannot read at all.
 */

/** C1 controls (among them NEL), line and paragraph separators, byte order marks and what is no character. */
const unlikeInYaml = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON that means the same where it is read as YAML. Half a character is replaced, as a server does that stores it. */
export function requestBody(value: unknown): string {
  const text = JSON.stringify(value);
  const whole = text.includes(String.raw`\ud`) ? JSON.stringify(value, wellFormed) : text;
  return whole.replace(unlikeInYaml, escaped);
}

function wellFormed(_name: string, member: unknown): unknown {
  return typeof member === "string" ? member.toWellFormed() : member;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
