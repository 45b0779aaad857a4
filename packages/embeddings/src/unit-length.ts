/** Brings a vector to Euclidean length 1, in place; one of zeros stays so. */
export function toUnitLength(vector: Float32Array): Float32Array {
  let squared = 0;
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] ?? 0;
    squared += value * value;
  }
  if (squared === 0) return vector;
  const norm = Math.sqrt(squared);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) / norm;
  return vector;
}
