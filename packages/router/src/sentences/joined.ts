/** "a, b or c": options with a word before the last one. */
export function joinedWith(or: string, options: readonly string[]): string {
  if (options.length < 2) return options.join("");
  return `${options.slice(0, -1).join(", ")} ${or} ${options.at(-1) ?? ""}`;
}

/** Between quotation marks, whose opening one comes first. */
export function quotedIn(
  [open, close]: readonly [string, string],
  texts: readonly string[],
): readonly string[] {
  return texts.map((text) => `${open}${text}${close}`);
}
