/** The text of a file that changes now and then. */
import { readFile, stat } from "node:fs/promises";

/**
 * Milliseconds between two looks at a file. A mounted ConfigMap or Secret changes by a link, which no watch on the file sees.
 */
export const lookEveryMs = 1000;

/** Reads a file no more often than it may have changed, and misses no change. */
export class ChangingFile {
  readonly #path: string;
  /** What the file looked like when it was last read; and when two reads in a row found it so. */
  #seen: string | undefined;
  #settled: string | undefined;
  #text: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Its text where that is another than at the look before, or the first one; else undefined. A look that fails counts as
   * none. Rejects as the file system does.
   */
  async look(): Promise<string | undefined> {
    const { mtimeMs, size, ino } = await stat(this.#path);
    const state = `${mtimeMs} ${size} ${ino}`;
    if (state === this.#settled) return undefined;
    const text = await readFile(this.#path, "utf8");
    // Once more where it is new: within a tick of the file system's clock it can change and look the same.
    this.#settled = state === this.#seen ? state : undefined;
    this.#seen = state;
    if (text === this.#text) return undefined;
    this.#text = text;
    return text;
  }
}
