/** Brings a vector to Euclidean length 1, in place; one of zeros stays so. */
export function toUnitLength(vector: Float32Array): Float32Array {
  // Four sums at a time and one division: this runs for every message.
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < vector.length; i += 4) {
    a += (vector[i] ?? 0) ** 2;
    b += (vector[i + 1] ?? 0) ** 2;
    c += (vector[i + 2] ?? 0) ** 2;
    d += (vector[i + 3] ?? 0) ** 2;
  }
  const squared = a + b + c + d;
  if (squared === 0) return vector;
  const factor = 1 / Math.sqrt(squared);
  for (let i = 0; i < vector.length; i++) vector[i] = factor * (vector[i] ?? 0);
  return vector;
}
