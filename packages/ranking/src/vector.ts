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

/** Adds `factor` times `vector` to `target`. */
export function addScaled(
  target: Float32Array | Float64Array,
  vector: ArrayLike<number>,
  factor: number,
): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (vector[i] ?? 0);
}

/** The vector at length 1; a zero vector stays one. */
export function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

/** True when no number is NaN or infinite. */
export function isFiniteVector(vector: Float32Array): boolean {
  return vector.every(Number.isFinite);
}
