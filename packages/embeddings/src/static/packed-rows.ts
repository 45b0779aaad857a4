/**
 * Rows of small whole numbers, added up two at a time: four of them lie in one word, each raised by 128 so that none is
 * negative, and a sum has 16 bits. Adding up the rows of its pieces is most of what embedding a text costs.
 */
import { endianness } from "node:os";
import type { NamedRows } from "./text-rows.ts";

/** A table of int8 numbers. */
export interface PackedRows {
  readonly dimension: number;
  readonly words: Int32Array;
}

/** The table with a weight for each row. */
export interface WeighedRows extends PackedRows {
  readonly weights: Float32Array;
}

const numbersPerWord = 4;
const raise = 128;
/** Of so many raised numbers the sum fits into 16 bits. */
const mostAtOnce = 256;
const everySecond = 0x00ff00ff;
const highestBits = 0x80808080;

/**
 * Packs rows of `dimension` numbers, and takes them over: where they fill whole words they are packed where they lie, so that
 * a large table is never in memory twice.
 */
export function packRows(rows: Int8Array, dimension: number): PackedRows {
  const isWhole = dimension % numbersPerWord === 0 && rows.byteOffset % Int32Array.BYTES_PER_ELEMENT === 0;
  return {
    dimension,
    words: isWhole && endianness() === "LE" ? raiseInPlace(rows) : copyRaised(rows, dimension),
  };
}

/** Raising a byte by 128 turns its highest bit. */
function raiseInPlace({ buffer, byteOffset, byteLength }: Int8Array): Int32Array {
  const words = new Int32Array(buffer, byteOffset, byteLength / Int32Array.BYTES_PER_ELEMENT);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ highestBits;
  return words;
}

function copyRaised(rows: Int8Array, dimension: number): Int32Array {
  const wordsPerRow = Math.ceil(dimension / numbersPerWord);
  const words = new Int32Array((rows.length / dimension) * wordsPerRow);
  for (let i = 0; i < rows.length; i++) {
    const column = i % dimension;
    const at = ((i - column) / dimension) * wordsPerRow + (column >> 2);
    words[at] = (words[at] ?? 0) | (((rows[i] ?? 0) + raise) << (8 * (column & 3)));
  }
  return words;
}

/** How many rows a table has. */
export function countRows({ dimension, words }: PackedRows): number {
  return words.length / Math.ceil(dimension / numbersPerWord);
}

/** The sum of rows; one that is named twice counts twice. Written into `sum` where that is given. */
export function sumRows(
  packed: PackedRows,
  { rows, count }: NamedRows,
  sum: Float32Array = new Float32Array(packed.dimension),
): Float32Array {
  sum.fill(0);
  for (let start = 0; start < count; start += mostAtOnce) {
    addRows(sum, packed, { rows, start, end: Math.min(count, start + mostAtOnce) });
  }
  return sum;
}

/** The same, each row with its weight; row after row in single precision, column after column like {@link sumRows}. */
export function sumWeighedRows(
  { dimension, words, weights }: WeighedRows,
  { rows, count }: NamedRows,
  sum: Float32Array = new Float32Array(dimension),
): Float32Array {
  const wordsPerRow = Math.ceil(dimension / numbersPerWord);
  for (let i = 0; i < wordsPerRow; i++) {
    let first = 0;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] ?? 0;
      const weight = weights[row] ?? 0;
      const word = words[row * wordsPerRow + i] ?? 0;
      first = Math.fround(first + weight * ((word & 0xff) - raise));
      second = Math.fround(second + weight * (((word >>> 8) & 0xff) - raise));
      third = Math.fround(third + weight * (((word >>> 16) & 0xff) - raise));
      fourth = Math.fround(fourth + weight * ((word >>> 24) - raise));
    }
    // Of a last word that is not full, the numbers beyond the sum are dropped.
    const column = numbersPerWord * i;
    sum[column] = first;
    sum[column + 1] = second;
    sum[column + 2] = third;
    sum[column + 3] = fourth;
  }
  return sum;
}

/** Some of the rows that are named. */
interface RowsAtOnce {
  readonly rows: Int32Array;
  readonly start: number;
  readonly end: number;
}

/** Column after column, so that four sums stay in two words of their own until all rows are in. */
function addRows(
  sum: Float32Array,
  { dimension, words }: PackedRows,
  { rows, start, end }: RowsAtOnce,
): void {
  const wordsPerRow = Math.ceil(dimension / numbersPerWord);
  const raised = raise * (end - start);
  for (let i = 0; i < wordsPerRow; i++) {
    let even = 0;
    let odd = 0;
    for (let at = start; at < end; at++) {
      const word = words[(rows[at] ?? 0) * wordsPerRow + i] ?? 0;
      even = (even + (word & everySecond)) | 0;
      odd = (odd + ((word >>> 8) & everySecond)) | 0;
    }
    // Of a last word that is not full, the numbers beyond the sum are dropped.
    const first = numbersPerWord * i;
    sum[first] = (sum[first] ?? 0) + (even & 0xffff) - raised;
    sum[first + 1] = (sum[first + 1] ?? 0) + (odd & 0xffff) - raised;
    sum[first + 2] = (sum[first + 2] ?? 0) + (even >>> 16) - raised;
    sum[first + 3] = (sum[first + 3] ?? 0) + (odd >>> 16) - raised;
  }
}
