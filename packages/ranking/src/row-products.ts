/**
 * Products of a vector with all rows of a catalogue: most of the arithmetic of a decision. WebAssembly has instructions for four
 * numbers at a time, which JavaScript has not: a seventh of the time of `dotRows`, in single precision. Why:
 * docs/decisions/2026-12-01-products-by-web-assembly.md.
 *
 * It reads nothing but its own memory. There is one of these for all catalogues of a process, of which there may be
 * thousands: it holds copies of the rows of those that were used lately. When it is full it begins anew, and whoever
 * finds its rows gone puts them there again.
 */
import {
  type Code,
  compileLoop,
  f32,
  f32x4,
  i32,
  type Local,
  type Loop,
  localsOf,
  repeatWhile,
} from "@lmos/primitives";

/** Of each memory; what was never written to takes none of the machine's. A row of 256 numbers takes 1 KiB. */
const memoryBytes = 4 * 1024 * 1024;
const bytesPerNumber = 4;
/** Numbers, and rows, that are worked on at once. */
const atOnce = 4;

/** The rows of one catalogue. */
export class RowProducts {
  readonly #rows: readonly Float32Array[];
  readonly #room: RowRoom;
  readonly #products: Float32Array;
  /** Where the rows lie, and since which beginning of the room. */
  #place = 0;
  #beginning = -1;

  private constructor(rows: readonly Float32Array[], room: RowRoom) {
    this.#rows = rows;
    this.#room = room;
    this.#products = room.productsOf(rows.length);
  }

  /** Undefined for rows that are too many to be kept there. */
  static of(rows: readonly Float32Array[], dimension: number): RowProducts | undefined {
    const room = roomFor(dimension);
    return rows.length <= room.mostRows ? new RowProducts(rows, room) : undefined;
  }

  /** Products with a vector as long as the rows; until the next call for any rows, which uses the array again. */
  with(vector: Float32Array): Float32Array {
    const room = this.#room;
    if (this.#beginning !== room.beginning) {
      this.#place = room.put(this.#rows);
      this.#beginning = room.beginning;
    }
    room.multiply(this.#place, this.#rows.length, vector);
    return this.#products;
  }
}

/** Rooms by dimension, of which there are few. */
const rooms = new Map<number, RowRoom>();

function roomFor(dimension: number): RowRoom {
  const room = rooms.get(dimension) ?? new RowRoom(dimension);
  rooms.set(dimension, room);
  return room;
}

/** In its memory lie the vector, then the products, then rows, each filled up with zeros to a multiple of four numbers. */
class RowRoom {
  /** Rows that it has room for. */
  readonly mostRows: number;
  readonly #rowBytes: number;
  readonly #productsAt: number;
  readonly #rowsAt: number;
  readonly #loop: Loop;
  readonly #numbers: Float32Array;
  #next: number;
  #beginning = 0;

  constructor(dimension: number) {
    this.#rowBytes = bytesPerNumber * upToFour(dimension);
    const rowsThatFit = Math.floor(memoryBytes / (this.#rowBytes + bytesPerNumber)) - 1; // the vector is one
    this.mostRows = Math.max(rowsThatFit - (rowsThatFit % atOnce), 0);
    this.#productsAt = this.#rowBytes;
    this.#rowsAt = this.#productsAt + bytesPerNumber * this.mostRows;
    this.#next = this.#rowsAt;
    this.#loop = compileLoop({ ...productsLoop(this.#rowBytes), memoryBytes });
    this.#numbers = new Float32Array(this.#loop.memory);
  }

  /** How often it has begun anew. */
  get beginning(): number {
    return this.#beginning;
  }

  /** The place of so many products. */
  productsOf(count: number): Float32Array {
    return new Float32Array(this.#loop.memory, this.#productsAt, count);
  }

  /** Copies rows, of which there are not too many; where they lie. */
  put(rows: readonly Float32Array[]): number {
    const bytes = this.#rowBytes * upToFour(rows.length);
    if (this.#next + bytes > this.#rowsAt + this.#rowBytes * this.mostRows) {
      this.#next = this.#rowsAt;
      this.#beginning += 1;
    }
    const place = this.#next;
    for (const [i, row] of rows.entries()) {
      this.#numbers.set(row, (place + i * this.#rowBytes) / bytesPerNumber);
    }
    this.#next += bytes;
    return place;
  }

  /** Multiplies the rows there, four at a time: those of the last four beyond the count do not matter. */
  multiply(place: number, count: number, vector: Float32Array): void {
    this.#numbers.set(vector);
    this.#loop.run(place, place + this.#rowBytes * count, this.#productsAt);
  }
}

function upToFour(count: number): number {
  return Math.ceil(count / atOnce) * atOnce;
}

/** Multiplies the vector at the beginning of the memory with the rows from `row` to before `end`. */
function productsLoop(rowBytes: number) {
  const types = {
    row: "i32",
    end: "i32",
    product: "i32",
    at: "i32",
    numbers: "v128",
    first: "v128",
    second: "v128",
    third: "v128",
    fourth: "v128",
  } as const;
  const { row, end, product, at, numbers, first, second, third, fourth } = localsOf(types);
  const sums = [first, second, third, fourth];
  const addProducts = (sum: Local, i: number): Code =>
    sum.set(
      f32x4.add(sum.get, f32x4.multiply(numbers.get, f32x4.load(i32.add(row.get, at.get), i * rowBytes))),
    );
  const body = repeatWhile(
    i32.isLess(row.get, end.get),
    ...sums.map((sum) => sum.set(f32x4.zero)),
    at.set(i32.constant(0)),
    repeatWhile(
      i32.isLess(at.get, i32.constant(rowBytes)),
      numbers.set(f32x4.load(at.get)),
      ...sums.map(addProducts),
      at.set(i32.add(at.get, i32.constant(4 * bytesPerNumber))),
    ),
    ...sums.map((sum, i) => f32.store(product.get, sumOfLanes(sum.get), i * bytesPerNumber)),
    row.set(i32.add(row.get, i32.constant(atOnce * rowBytes))),
    product.set(i32.add(product.get, i32.constant(atOnce * bytesPerNumber))),
  );
  return { types, parameters: 3, body };
}

function sumOfLanes(numbers: Code): Code {
  const lane = (which: number): Code => f32x4.lane(numbers, which);
  return f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3)));
}
