/** ln Σ exp of the scores, without overflow. -Infinity for no scores. */
export function logSumExp(scores: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) largest = Math.max(largest, scores[i] ?? 0);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp((scores[i] ?? 0) - largest);
  return largest + Math.log(sum);
}

/** Writes exp(score - ln Σ exp) into `target` and returns ln Σ exp. */
export function softmax(scores: ArrayLike<number>, target: Float64Array): number {
  const energy = logSumExp(scores);
  for (let i = 0; i < target.length; i++) target[i] = Math.exp((scores[i] ?? 0) - energy);
  return energy;
}
