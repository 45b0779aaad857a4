/** The floors and the short list of sideways imports, as the first code block of ARCHITECTURE.md draws them. */

/** The layout that the tests hold the code against. */
export interface Floors {
  /** Floor of each package; 0 is the lowest. */
  readonly floorOf: ReadonlyMap<string, number>;
  /** Allowed sideways imports, each as `importer → imported`. */
  readonly sideways: ReadonlySet<string>;
  /** Packages beside the floors, for tests only. */
  readonly beside: ReadonlySet<string>;
}

/** Reads the picture: `F3  kube  apiserver  embeddings ← router` and `side  testing`. */
export function parseFloors(markdown: string): Floors {
  const floorOf = new Map<string, number>();
  const sideways = new Set<string>();
  const beside = new Set<string>();
  for (const line of markdown.split("\n")) {
    const match = /^(F(\d)|side)\s+(.+?)(?:\s{3,}.*)?$/.exec(line);
    if (match?.[3] === undefined) continue;
    const words = match[3].split(/\s+/);
    for (const [index, word] of words.entries()) {
      if (word === "←") sideways.add(`${words[index + 1]} → ${words[index - 1]}`);
      else if (match[2] === undefined) beside.add(word);
      else floorOf.set(word, Number(match[2]));
    }
  }
  return { floorOf, sideways, beside };
}
