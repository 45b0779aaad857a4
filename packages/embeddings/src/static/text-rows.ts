/** Which rows of a table a text is the sum of. */
import { PieceFinder } from "./piece-finder.ts";
import type { Vocabulary } from "./wordpiece.ts";

/** Rows of a table. */
export interface NamedRows {
  /** Those beyond {@link count} are not named. */
  readonly rows: Int32Array;
  readonly count: number;
}

/** Finds them for one text after the other. */
export class TextRows {
  readonly #finder: PieceFinder;
  readonly #firstRow: number;
  #rows: Int32Array = new Int32Array();
  #found: NamedRows = { rows: this.#rows, count: 0 };
  /** A message is often read as a text and as a query, one right after the other: it is cut into pieces once. */
  #last: string | undefined;

  /** `firstRow` is the id of the piece that the first row belongs to: those before it carry no meaning. */
  constructor(vocabulary: Vocabulary, firstRow: number) {
    this.#finder = new PieceFinder(vocabulary);
    this.#firstRow = firstRow;
  }

  /**
   * The rows of its pieces, in their order; until the next call for another text, which uses the array again. For the same
   * text as before it is the same answer.
   */
  find(text: string): NamedRows {
    if (text !== this.#last) this.#found = this.#find(text);
    this.#last = text;
    return this.#found;
  }

  #find(text: string): NamedRows {
    const { ids, count: pieces } = this.#finder.find(text);
    if (this.#rows.length < ids.length) this.#rows = new Int32Array(ids.length);
    let count = 0;
    for (let i = 0; i < pieces; i++) {
      const row = (ids[i] ?? 0) - this.#firstRow;
      if (row >= 0) this.#rows[count++] = row;
    }
    return { rows: this.#rows, count };
  }
}
