/**
 * The regular expression of a schema; undefined when it does not compile. Kubernetes' patterns are RE2: what that
 * allows and JavaScript's Unicode mode does not (needless escapes, a leading `(?i)`) is read in the older mode.
 */
export function compilePattern(pattern: string): RegExp | undefined {
  const ignoresCase = pattern.startsWith("(?i)");
  const source = ignoresCase ? pattern.slice("(?i)".length) : pattern;
  const flags = ignoresCase ? "i" : "";
  return tryCompile(source, `${flags}u`) ?? tryCompile(source, flags);
}

function tryCompile(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined; // the constructor has no other way to say that a pattern is malformed
  }
}
