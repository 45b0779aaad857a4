/** The words of a label selector, as Kubernetes cuts them. */

/** A word, or a sign: `(`, `)`, `,`, `!`, `=`, `==`, `!=`, `<`, `>`; the end has no text. */
export interface LabelToken {
  readonly kind: "word" | "sign" | "end";
  readonly text: string;
}

const forms = /\s*(?:(?<sign>==|!=|[=!(),<>])|(?<word>[^\s=!(),<>]+))/y;

/** Cuts a selector; the last token is the end. */
export function labelTokens(text: string): readonly LabelToken[] {
  const tokens: LabelToken[] = [];
  const pattern = new RegExp(forms);
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const { sign, word = "" } = found.groups ?? {};
    tokens.push(sign === undefined ? { kind: "word", text: word } : { kind: "sign", text: sign });
  }
  return [...tokens, { kind: "end", text: "" }];
}
