/**
 * Linear discriminant analysis with a shrunk within-class covariance: which directions of the embedding tell the
 * capabilities apart, and which are noise between examples of the same one. Everything is kept "whitened" (multiplied
 * by the inverse Cholesky factor), where the metric P of the formulas is a plain scalar product.
 */
import {
  addOuterProduct,
  choleskyFactor,
  type LowerTriangle,
  lowerTriangle,
  solveLower,
  solveUpper,
} from "./cholesky.ts";
import type { ClassLayout, ExampleClass } from "./classes.ts";
import { addScaled, dot } from "./vector.ts";

/** Weight of the common variance against the covariance seen. */
const shrinkage = 0.3;

/** The discriminant of one catalogue. */
export interface LdaSpace {
  /** P m of every class m. */
  readonly directions: readonly Float32Array[];
  /** ½ mᵀP m of every class. */
  readonly offsets: Float64Array;
  readonly whitenedMeans: readonly Float32Array[];
  readonly whitenedExamples: readonly Float32Array[];
}

/** From the centred vectors, in the layout's order. */
export function createLdaSpace(layout: ClassLayout, vectors: readonly Float32Array[]): LdaSpace {
  const means = layout.classes.map((own) => classMean(own, vectors));
  const factor = choleskyFactor(shrunkCovariance(layout, vectors, means));
  const whiten = (vector: Float32Array): Float32Array => Float32Array.from(solveLower(factor, vector));
  const whitenedMeans = means.map(whiten);
  return {
    whitenedMeans,
    whitenedExamples: vectors.map(whiten),
    directions: whitenedMeans.map((mean) => Float32Array.from(solveUpper(factor, mean))),
    offsets: Float64Array.from(whitenedMeans, (mean) => 0.5 * dot(mean, mean)),
  };
}

/** xᵀP m − ½ mᵀP m for every class. */
export function ldaScores(space: LdaSpace, query: Float32Array): Float64Array {
  return Float64Array.from(
    space.directions,
    (direction, i) => dot(query, direction) - (space.offsets[i] ?? 0),
  );
}

/**
 * The same for example `self`, as if it had not been there when means and covariance were made: a rank-one change of
 * P, and a mean that it no longer pulls. Its class has other examples.
 */
export function ldaScoresWithoutSelf(space: LdaSpace, layout: ClassLayout, self: number): Float64Array {
  const ownClass = layout.classOf[self] ?? 0;
  const size = (layout.classes[ownClass]?.end ?? 0) - (layout.classes[ownClass]?.start ?? 0);
  const example = space.whitenedExamples[self] ?? new Float32Array();
  const residual = Float32Array.from(example);
  addScaled(residual, space.whitenedMeans[ownClass] ?? [], -1);
  const boost = precisionBoost(dot(residual, residual), size, layout);
  const exampleAlong = dot(example, residual);
  return Float64Array.from(space.whitenedMeans, (mean, index) => {
    const moved = index === ownClass ? movedMean(mean, residual, size) : mean;
    const meanAlong = dot(moved, residual);
    const product = dot(example, moved) + boost * exampleAlong * meanAlong;
    return product - 0.5 * (dot(moved, moved) + boost * meanAlong * meanAlong);
  });
}

/** The factor a of P' = P + a (Pr)(Pr)ᵀ. */
function precisionBoost(residualSquared: number, size: number, layout: ClassLayout): number {
  const k = ((1 - shrinkage) * size) / ((size - 1) * degreesOfFreedom(layout));
  return k / Math.max(1 - k * residualSquared, 0.05);
}

function movedMean(mean: Float32Array, residual: Float32Array, size: number): Float32Array {
  const moved = Float32Array.from(mean);
  addScaled(moved, residual, -1 / (size - 1));
  return moved;
}

function classMean({ start, end }: ExampleClass, vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors.slice(start, end)) addScaled(sum, vector, 1);
  return Float32Array.from(sum, (value) => value / (end - start));
}

/** 0.7 · S_w + 0.3 · (tr S_w / d) · I; the unit matrix where no class has two different examples. */
function shrunkCovariance(
  layout: ClassLayout,
  vectors: readonly Float32Array[],
  means: readonly Float32Array[],
): LowerTriangle {
  const covariance = lowerTriangle(vectors[0]?.length ?? 0);
  const factor = (1 - shrinkage) / degreesOfFreedom(layout);
  for (const [i, vector] of vectors.entries()) {
    const residual = Float64Array.from(vector);
    addScaled(residual, means[layout.classOf[i] ?? 0] ?? [], -1);
    addOuterProduct(covariance, residual, factor);
  }
  const trace = covariance.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / (1 - shrinkage);
  const ridge = trace < 1e-9 ? 1 : (shrinkage * trace) / covariance.length;
  for (const [i, row] of covariance.entries()) row[i] = (row[i] ?? 0) + ridge;
  return covariance;
}

function degreesOfFreedom(layout: ClassLayout): number {
  return Math.max(layout.examples.length - layout.classes.length, 1);
}
