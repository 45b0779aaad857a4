/**
 * The pieces of every word of a catalogue. Most words of a message are among them, and looking up one word touches less
 * memory than looking up its dozen pieces.
 */

const initialWords = 64;
const initialPieces = 1024;

/** Pieces by word, both by their numbers. */
export class WordPieces {
  /** By word: where its pieces begin, and how many they are; none of a word that is not here, and of a pair of words. */
  #ranges: Int32Array = new Int32Array(2 * initialWords);
  #pieces: Int32Array = new Int32Array(initialPieces);
  #size = 0;

  /** Others with the same words. */
  copy(): WordPieces {
    const copy = new WordPieces();
    copy.#ranges = this.#ranges.slice();
    copy.#pieces = this.#pieces.slice();
    copy.#size = this.#size;
    return copy;
  }

  /** Gives memory back that only further words would need. */
  trim(): void {
    const last = this.#ranges.findLastIndex((value) => value !== 0); // a count, which lies at an odd place
    this.#ranges = this.#ranges.slice(0, last + 1);
    this.#pieces = this.#pieces.slice(0, this.#size);
  }

  /** Whether a word is here. */
  has(word: number): boolean {
    return (this.#ranges[2 * word + 1] ?? 0) > 0;
  }

  /** Adds a word with its pieces, as often as they occur in it, of which there is at least one. */
  add(word: number, pieces: readonly number[]): void {
    const next = this.#size + pieces.length;
    if (next > this.#pieces.length) this.#pieces = grown(this.#pieces, next);
    if (2 * word >= this.#ranges.length) this.#ranges = grown(this.#ranges, 2 * (word + 1));
    this.#ranges[2 * word] = this.#size;
    this.#ranges[2 * word + 1] = pieces.length;
    this.#pieces.set(pieces, this.#size);
    this.#size = next;
  }

  /** Writes the pieces of a word to `target`, from `at` on; where the next ones go, or `at` for a word that is not here. */
  write(word: number, target: Int32Array, at: number): number {
    const start = this.#ranges[2 * word] ?? 0;
    const count = this.#ranges[2 * word + 1] ?? 0;
    for (let i = 0; i < count; i++) target[at + i] = this.#pieces[start + i] ?? 0;
    return at + count;
  }
}

function grown(array: Int32Array, least: number): Int32Array {
  const larger = new Int32Array(Math.max(least, 2 * array.length));
  larger.set(array);
  return larger;
}
