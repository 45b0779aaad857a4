/**
 * Sums of rows of a table, each with its weight: most of what embedding a text costs. WebAssembly has instructions for
 * several numbers at a time, which JavaScript has not: docs/decisions/2026-12-01-products-by-web-assembly.md. It reads
 * nothing but its own memory, into which the few rows of a text are copied.
 */
import { type Code, compileLoop, f32, f32x4, i32, type Local, localsOf, repeatWhile } from "@lmos/primitives";
import { type PackedRows, wordsPerRow } from "./packed-rows.ts";
import type { NamedRows } from "./text-rows.ts";

/** Rows that are added up at once; a message has some twenty. */
const mostRows = 256;
const bytesPerNumber = 4;
/** Bytes of a row that are worked on at once: numbers for four sums, each of four numbers. */
const bytesAtOnce = 16;

/** Adds up rows of one table, for one text after the other. */
export class RowSums {
  readonly #table: PackedRows;
  readonly #run: (endOfWeights: number) => void;
  /** In the memory lie the sums, then the weights, then the rows. */
  readonly #sums: Float32Array;
  readonly #weights: Float32Array;
  readonly #weightsAt: number;
  readonly #words: Int32Array;
  readonly #wordsPerRow: number;

  constructor(table: PackedRows) {
    const rowBytes = Math.ceil(table.dimension / bytesAtOnce) * bytesAtOnce;
    const weightsAt = bytesPerNumber * rowBytes;
    const rowsAt = weightsAt + bytesPerNumber * mostRows;
    const memoryBytes = rowsAt + rowBytes * mostRows;
    const { memory, run } = compileLoop({ ...sumsLoop({ rowBytes, weightsAt, rowsAt }), memoryBytes });
    this.#table = table;
    this.#run = run;
    this.#sums = new Float32Array(memory, 0, table.dimension);
    this.#weights = new Float32Array(memory, weightsAt, mostRows);
    this.#weightsAt = weightsAt;
    this.#words = new Int32Array(memory, rowsAt);
    this.#wordsPerRow = rowBytes / Int32Array.BYTES_PER_ELEMENT;
  }

  /** Writes the sum; a row that is named twice counts twice. `weights` are by row, each is 1 where they are left out. */
  write(target: Float32Array, { rows, count }: NamedRows, weights?: Float32Array): Float32Array {
    this.#sums.fill(0);
    for (let start = 0; start < count; start += mostRows) {
      const end = Math.min(start + mostRows, count);
      for (let at = start; at < end; at++) this.#put(at - start, rows[at] ?? 0, weights);
      this.#run(this.#weightsAt + bytesPerNumber * (end - start));
    }
    target.set(this.#sums);
    return target;
  }

  /** Copies a row word by word, which for so few is quicker than to copy them at once. */
  #put(place: number, row: number, weights: Float32Array | undefined): void {
    const { words } = this.#table;
    const count = wordsPerRow(this.#table);
    const [from, to] = [row * count, place * this.#wordsPerRow];
    for (let i = 0; i < count; i++) this.#words[to + i] = words[from + i] ?? 0;
    this.#weights[place] = weights === undefined ? 1 : (weights[row] ?? 0);
  }
}

interface MemoryPlan {
  readonly rowBytes: number;
  readonly weightsAt: number;
  readonly rowsAt: number;
}

/** Adds to the sums, for sixteen columns after the other, the rows of all weights up to that place. */
function sumsLoop({ rowBytes, weightsAt, rowsAt }: MemoryPlan) {
  const types = {
    end: "i32",
    column: "i32",
    sum: "i32",
    row: "i32",
    weight: "i32",
    factor: "v128",
    numbers: "v128",
    first: "v128",
    second: "v128",
    third: "v128",
    fourth: "v128",
  } as const;
  const { end, column, sum, row, weight, factor, numbers, first, second, third, fourth } = localsOf(types);
  const parts = [first, second, third, fourth];
  const advance = (local: Local, bytes: number): Code => local.set(i32.add(local.get, i32.constant(bytes)));
  const body = repeatWhile(
    i32.isLess(column.get, i32.constant(rowBytes)),
    ...parts.map((part, i) => part.set(f32x4.load(sum.get, bytesAtOnce * i))),
    row.set(i32.add(i32.constant(rowsAt), column.get)),
    weight.set(i32.constant(weightsAt)),
    repeatWhile(
      i32.isLess(weight.get, end.get),
      factor.set(f32x4.fill(f32.load(weight.get))),
      numbers.set(f32x4.load(row.get)),
      ...parts.map((part, i) =>
        part.set(f32x4.add(part.get, f32x4.multiply(factor.get, f32x4.ofBytes(numbers.get, i)))),
      ),
      advance(row, rowBytes),
      advance(weight, bytesPerNumber),
    ),
    ...parts.map((part, i) => f32x4.store(sum.get, part.get, bytesAtOnce * i)),
    advance(column, bytesAtOnce),
    advance(sum, bytesPerNumber * bytesAtOnce),
  );
  return { types, parameters: 1, body };
}
