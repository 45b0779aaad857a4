/**
 * Reads the command line of a process: the words of a simple shell, without expansion, globbing or operators. Whoever
 * needs those writes `sh -c '…'`.
 */

/** The words of a command line, or why it has none. */
export type CommandLine =
  | { readonly kind: "parsed"; readonly argv: readonly string[] }
  | { readonly kind: "invalid"; readonly reason: string };

/** One piece of a word: quoted text, an escaped character, plain text; or the space between words. */
const piece = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|(\s+)/y;

/**
 * Splits at white space. `'…'` is taken as it stands; in `"…"` a backslash escapes `"`, `\`, `$` and `` ` `` as in a
 * shell; elsewhere it escapes any character. Pieces that touch are one word: `--name="a b"`.
 */
export function parseCommandLine(text: string): CommandLine {
  const words: string[] = [];
  let word: string | undefined;
  for (const token of tokens(text)) {
    if (token === undefined) return { kind: "invalid", reason: "a quote or backslash is not closed" };
    if (token.kind === "text") {
      word = (word ?? "") + token.text;
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  if (words.length === 0 || words[0] === "") return { kind: "invalid", reason: "it names no program" };
  return { kind: "parsed", argv: words };
}

type Token = { readonly kind: "text"; readonly text: string } | { readonly kind: "space" };

/** The tokens in order; `undefined` where the text cannot be read on. */
function* tokens(text: string): Generator<Token | undefined> {
  const matcher = new RegExp(piece);
  while (matcher.lastIndex < text.length) {
    const match = matcher.exec(text);
    if (match === null) return yield undefined;
    yield toToken(match);
  }
}

function toToken([, single, double, escaped, plain]: RegExpExecArray): Token {
  const content = single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain;
  return content === undefined ? { kind: "space" } : { kind: "text", text: content };
}
