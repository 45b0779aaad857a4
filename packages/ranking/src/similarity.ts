/**
 * "Half the nearest example, half the whole class", the score that dense and sparse vectors share. It needs nothing
 * but the similarities of a text to all examples: those of a class add up to the product with the class's sum.
 */
import type { ClassLayout, ExampleClass } from "./classes.ts";

/**
 * ½ max + ½ cosine with the sum, for every class, from the similarities to all examples; written into `blended` where that
 * is given.
 */
export function blendSimilarities(
  similarities: Float32Array,
  layout: Pick<ClassLayout, "classes">,
  sumNorms: Float64Array,
  blended: Float64Array = new Float64Array(layout.classes.length),
): Float64Array {
  for (let index = 0; index < blended.length; index++) {
    const own = layout.classes[index];
    if (own !== undefined) blended[index] = blendClass(similarities, own, sumNorms[index] ?? 0);
  }
  return blended;
}

function blendClass(similarities: Float32Array, { start, end }: ExampleClass, sumNorm: number): number {
  let nearest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = start; i < end; i++) {
    const similarity = similarities[i] ?? 0;
    if (similarity > nearest) nearest = similarity;
    sum += similarity;
  }
  return 0.5 * nearest + (sumNorm === 0 ? 0 : (0.5 * sum) / sumNorm);
}

/** The same for an example and its own class, as if the example were not in it. The class has others. */
export function blendWithoutSelf(
  similarities: Float32Array,
  { start, end }: ExampleClass,
  without: { readonly self: number; readonly sumNorm: number },
): number {
  const own = similarities[without.self] ?? 0;
  let nearest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = start; i < end; i++) {
    if (i === without.self) continue;
    const similarity = similarities[i] ?? 0;
    if (similarity > nearest) nearest = similarity;
    sum += similarity;
  }
  const remaining = Math.sqrt(Math.max(without.sumNorm ** 2 - 2 * sum - own, 0));
  return 0.5 * nearest + (remaining < 1e-9 ? 0 : (0.5 * sum) / remaining);
}
