import { toUnitLength } from "../unit-length.ts";

/** How the vectors of a text's tokens become one: their mean, or that of the first token (`[CLS]`). */
export type Pooling = "mean" | "cls";

/** One vector of length 1 from `tokens` rows of `dimension` numbers. */
export function pool(
  rows: Float32Array,
  shape: { readonly tokens: number; readonly dimension: number; readonly pooling: Pooling },
): Float32Array {
  const { tokens, dimension, pooling } = shape;
  if (pooling === "cls") return toUnitLength(rows.slice(0, dimension));
  const sum = new Float32Array(dimension);
  for (let token = 0; token < tokens; token++) {
    for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + (rows[token * dimension + i] ?? 0);
  }
  return toUnitLength(sum); // the mean and the sum point the same way
}
