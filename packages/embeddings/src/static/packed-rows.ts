/** Rows of small whole numbers, four to a word, as which they are copied where they are added up. */

/** A table of int8 numbers; each row begins a word. */
export interface PackedRows {
  readonly dimension: number;
  readonly words: Int32Array;
}

const numbersPerWord = Int32Array.BYTES_PER_ELEMENT;

/**
 * Packs rows of `dimension` numbers; where they fill whole words they stay where they lie, so that a large table is never
 * in memory twice.
 */
export function packRows(rows: Int8Array, dimension: number): PackedRows {
  const isWhole = dimension % numbersPerWord === 0 && rows.byteOffset % numbersPerWord === 0;
  const { buffer, byteOffset, byteLength } = isWhole ? rows : filledUp(rows, dimension);
  return { dimension, words: new Int32Array(buffer, byteOffset, byteLength / numbersPerWord) };
}

/** Each row with zeros up to the next word. */
function filledUp(rows: Int8Array, dimension: number): Int8Array {
  const rowBytes = numbersPerWord * Math.ceil(dimension / numbersPerWord);
  const filled = new Int8Array((rows.length / dimension) * rowBytes);
  for (let row = 0; row * dimension < rows.length; row++) {
    filled.set(rows.subarray(row * dimension, (row + 1) * dimension), row * rowBytes);
  }
  return filled;
}

/** How many words a row has. */
export function wordsPerRow({ dimension }: PackedRows): number {
  return Math.ceil(dimension / numbersPerWord);
}

/** How many rows a table has. */
export function countRows(table: PackedRows): number {
  return table.words.length / wordsPerRow(table);
}
