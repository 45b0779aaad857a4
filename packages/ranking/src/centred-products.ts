/**
 * What a message's vector, once it is centred and of length 1, gives multiplied with every example and with every direction of the
 * discriminant. The vector itself need not be centred for that: with the middle m,
 *
 *     row · (v − m) / |v − m|  =  (row · v − row · m) / |v − m|   and   |v − m|² = v·v − 2 m·v + m·m
 *
 * where row · m and m · m are known before, and m · v is one more product of v with a row.
 */
import { centreVector, checkVector } from "./dense.ts";
import type { QuerySpace } from "./query-space.ts";
import { RowProducts } from "./row-products.ts";
import { dotRows } from "./vector.ts";

/** Where products go. */
export interface ProductsOfVector {
  /** By example. */
  readonly dense: Float32Array;
  /** By class. */
  readonly directions: Float32Array;
}

/** |v − m|² must be so much of v·v + m·m: where less is left of them, it is a difference of nearly equal numbers. */
const leastLeft = 0.01;
/** Of v·v: vectors have length 1, but nobody makes sure of that. In single precision products of much longer ones overflow. */
const mostSquared = 1e6;

/** Multiplies vectors with one space, one after the other. */
export class CentredProducts {
  readonly #space: Pick<QuerySpace, "dense" | "lda">;
  /** Not there for a space of too many rows: then vectors are centred, and multiplied row by row. */
  readonly #rows: RowProducts | undefined;
  /** row · m of every row, at last m · m. */
  readonly #withMiddle: Float32Array;
  #centred: Float32Array | undefined;

  constructor(space: Pick<QuerySpace, "dense" | "lda">) {
    const { dimension, vectors, middle } = space.dense;
    this.#space = space;
    this.#rows = RowProducts.of([...vectors, ...space.lda.directions, middle], dimension);
    this.#withMiddle = this.#rows?.with(middle).slice() ?? new Float32Array();
  }

  /** @throws RankingError for a vector that is not finite or of another length. */
  write(vector: Float32Array, products: ProductsOfVector): void {
    const squared = checkVector(vector, this.#space.dense.dimension);
    if (this.#rows !== undefined && squared > 0 && squared < mostSquared) {
      const written = this.#writeFast(this.#rows.with(vector), squared, products);
      if (written) return;
    }
    this.#writePlainly(vector, products);
  }

  /** False where too little is left to divide by. */
  #writeFast(withVector: Float32Array, squared: number, { dense, directions }: ProductsOfVector): boolean {
    const last = withVector.length - 1;
    const middleSquared = this.#withMiddle[last] ?? 0;
    const left = squared - 2 * (withVector[last] ?? 0) + middleSquared;
    if (left < leastLeft * (squared + middleSquared)) return false;
    const factor = 1 / Math.sqrt(left);
    this.#centre(withVector, dense, 0, factor);
    this.#centre(withVector, directions, dense.length, factor);
    return true;
  }

  #centre(withVector: Float32Array, target: Float32Array, first: number, factor: number): void {
    const withMiddle = this.#withMiddle;
    for (let i = 0; i < target.length; i++) {
      target[i] = factor * ((withVector[first + i] ?? 0) - (withMiddle[first + i] ?? 0));
    }
  }

  #writePlainly(vector: Float32Array, { dense, directions }: ProductsOfVector): void {
    const { dense: space, lda } = this.#space;
    this.#centred ??= new Float32Array(space.dimension);
    const centred = centreVector(space, vector, this.#centred);
    dotRows(space.vectors, centred, dense);
    dotRows(lda.directions, centred, directions);
  }
}
