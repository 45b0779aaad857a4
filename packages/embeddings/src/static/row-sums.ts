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
  /** What all of lies in the memory: a message is often added up twice, with weights and without. */
  #copied: NamedRows | undefined;

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

  /**
   * Writes the sum; a row that is named twice counts twice. `weights` are by row, each is 1 where they are left out. Rows
   * that are named by the same object as those before are taken to be the same.
   */
  write(target: Float32Array, named: NamedRows, weights?: Float32Array): Float32Array {
    this.#sums.fill(0);
    for (let start = 0; start < named.count; start += mostRows) {
      const count = Math.min(mostRows, named.count - start);
      if (named !== this.#copied) this.#copy(named, start, count);
      this.#weigh(named, start, count, weights);
      this.#run(this.#weightsAt + bytesPerNumber * count);
    }
    this.#copied = named.count <= mostRows ? named : undefined;
    target.set(this.#sums);
    return target;
  }

  /** Word by word, which for so few is quicker than to copy rows at once. */
  #copy({ rows }: NamedRows, start: number, count: number): void {
    const { words } = this.#table;
    const target = this.#words;
    const length = wordsPerRow(this.#table);
    for (let place = 0; place < count; place++) {
      const from = (rows[start + place] ?? 0) * length;
      const to = place * this.#wordsPerRow;
      for (let i = 0; i < length; i++) target[to + i] = words[from + i] ?? 0;
    }
  }

  #weigh({ rows }: NamedRows, start: number, count: number, weights: Float32Array | undefined): void {
    for (let place = 0; place < count; place++) {
      this.#weights[place] = weights === undefined ? 1 : (weights[rows[start + place] ?? 0] ?? 0);
    }
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
