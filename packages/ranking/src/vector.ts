/**
 * Arithmetic on vectors. Every index is in range; the `?? 0` is for the checker and costs nothing measurable.
 * All of it is plain loops: it runs for every message.
 */

/** Scalar product of two vectors of equal length; four sums at a time, which is what makes it fast. */
export function dot(left: Float32Array, right: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = left.length - (left.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += (left[i] ?? 0) * (right[i] ?? 0);
    b += (left[i + 1] ?? 0) * (right[i + 1] ?? 0);
    c += (left[i + 2] ?? 0) * (right[i + 2] ?? 0);
    d += (left[i + 3] ?? 0) * (right[i + 3] ?? 0);
  }
  for (let i = whole; i < left.length; i++) a += (left[i] ?? 0) * (right[i] ?? 0);
  return a + b + c + d;
}

/**
 * Scalar products of one vector with many, written into `products` where that is given: four rows at a time, so that the
 * vector is read once for all four.
 */
export function dotRows(
  rows: readonly Float32Array[],
  vector: Float32Array,
  products: Float32Array = new Float32Array(rows.length),
): Float32Array {
  const whole = rows.length - (rows.length % 4);
  for (let row = 0; row < whole; row += 4) dotFourRows(rows, row, { vector, products });
  for (let row = whole; row < rows.length; row++) products[row] = dot(rows[row] ?? vector, vector);
  return products;
}

function dotFourRows(
  rows: readonly Float32Array[],
  first: number,
  { vector, products }: { readonly vector: Float32Array; readonly products: Float32Array },
): void {
  const [rowA, rowB, rowC, rowD] = [rows[first], rows[first + 1], rows[first + 2], rows[first + 3]];
  if (rowA === undefined || rowB === undefined || rowC === undefined || rowD === undefined) return;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] ?? 0;
    a += value * (rowA[i] ?? 0);
    b += value * (rowB[i] ?? 0);
    c += value * (rowC[i] ?? 0);
    d += value * (rowD[i] ?? 0);
  }
  products[first] = a;
  products[first + 1] = b;
  products[first + 2] = c;
  products[first + 3] = d;
}

/** Adds `factor` times `vector` to `target`. */
export function addScaled(
  target: Float32Array | Float64Array,
  vector: ArrayLike<number>,
  factor: number,
): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (vector[i] ?? 0);
}

/** Brings a vector to length 1, in place; a zero vector stays one. */
export function toUnit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector));
  if (norm === 0) return vector;
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) / norm;
  return vector;
}
