/**
 * How many files and connections this process has open. Linux from 6.2 on tells it as the size of a folder. Before, its entries
 * have to be counted: with five thousand connections everything else would wait 20 ms for that, twice a second, so that it is
 * done aside, and what is told is the last count.
 */
import { statSync } from "node:fs";
import { readdir } from "node:fs/promises";

/** The folder with an entry for each. */
export interface DescriptorFolder {
  /** Entries as the folder tells them; 0 where it does not. */
  size(): number;
  /** Entries as they are counted, while others work. */
  count(): Promise<number>;
}

const path = "/proc/self/fd";

/** That of this process. */
export const ownDescriptors: DescriptorFolder = {
  size: () => statSync(path).size,
  count: async () => (await readdir(path)).length,
};

/** What is known of the folder. */
export class OpenFiles {
  readonly #folder: DescriptorFolder;
  #counted = 0;
  #counting = false;

  constructor(folder: DescriptorFolder = ownDescriptors) {
    this.#folder = folder;
  }

  /** How many are open: now, or when they were last counted. Infinity where none is left to look with. */
  look(): number {
    const size = this.#size();
    if (size > 0) return size;
    this.#countAside();
    return this.#counted;
  }

  #size(): number {
    try {
      return this.#folder.size();
    } catch {
      return 0;
    }
  }

  #countAside(): void {
    if (this.#counting) return;
    this.#counting = true;
    const take = (counted: number): void => {
      this.#counted = counted;
      this.#counting = false;
    };
    this.#folder.count().then(take, () => take(Number.POSITIVE_INFINITY));
  }
}
