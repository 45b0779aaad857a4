/** Texts by key, the latest of them: bounded by how many they are and by what they take. */

/** How much is kept. */
export interface RecentTextsBounds {
  readonly maxTexts: number;
  /** Of keys and texts together. */
  readonly maxBytes: number;
}

interface Entry {
  readonly text: string;
  readonly bytes: number;
}

/** The texts. The one that was put longest ago goes first; a text that is larger than all that may be kept is not. */
export class RecentTexts {
  readonly #bounds: RecentTextsBounds;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(bounds: RecentTextsBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes that are held, as if each character took two. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): string | undefined {
    return this.#entries.get(key)?.text;
  }

  /** Takes the place of the text before. */
  put(key: string, text: string): void {
    this.#delete(key); // a Map keeps the order of insertion
    const bytes = 2 * (key.length + text.length);
    this.#entries.set(key, { text, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#bounds.maxTexts && this.#bytes <= this.#bounds.maxBytes) return;
      this.#delete(oldest);
    }
  }

  #delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
