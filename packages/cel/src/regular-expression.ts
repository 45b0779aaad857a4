/**
 * Regular expressions in the syntax of RE2, as Go and so Kubernetes have them: matching takes time in proportion to the
 * text, whatever the pattern, so that none that somebody sends can keep a server busy.
 */
import { RE2JS } from "re2js";

/** A pattern that is ready to match. */
export interface RegularExpression {
  /** True if it matches anywhere in the text. */
  readonly test: (text: string) => boolean;
  /** The matches from left to right, up to a number of them. */
  readonly matches: (text: string, most: number) => readonly string[];
}

/** A pattern, or why it is none, as Go says it. */
export type CompiledExpression =
  | { readonly kind: "compiled"; readonly expression: RegularExpression }
  | { readonly kind: "malformed"; readonly reason: string };

/** Compiling takes far longer than matching, and the same few patterns come again and again. */
const known = new Map<string, CompiledExpression>();
const mostKnown = 500;

/** Compiles a pattern. */
export function compileExpression(pattern: string): CompiledExpression {
  const before = known.get(pattern);
  if (before !== undefined) return before;
  if (known.size >= mostKnown) known.clear();
  const compiled = compile(pattern);
  known.set(pattern, compiled);
  return compiled;
}

function compile(pattern: string): CompiledExpression {
  try {
    const compiled = RE2JS.compile(pattern);
    const expression: RegularExpression = {
      test: (text) => compiled.test(text),
      matches: (text, most) => matchesOf(compiled, text, most),
    };
    return { kind: "compiled", expression };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown); // its way to say what is malformed
    return { kind: "malformed", reason };
  }
}

function matchesOf(compiled: RE2JS, text: string, most: number): readonly string[] {
  const matcher = compiled.matcher(text);
  const found: string[] = [];
  while (found.length < most && matcher.find()) found.push(matcher.group() ?? "");
  return found;
}
