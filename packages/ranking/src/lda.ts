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
  reversedTranspose,
  solveLower,
  solveUpper,
} from "./cholesky.ts";
import type { ClassLayout } from "./classes.ts";
import type { DenseSpace } from "./dense.ts";
import { mapInSteps, type Steps } from "./steps.ts";
import { addScaled, dot, dotRows } from "./vector.ts";

/** Weight of the common variance against the covariance seen. */
const shrinkage = 0.3;

/** The discriminant of one catalogue. */
export interface LdaSpace {
  /** m of every class. */
  readonly means: readonly Float32Array[];
  /** P m of every class m. */
  readonly directions: readonly Float32Array[];
  /** ½ mᵀP m of every class. */
  readonly offsets: Float64Array;
  readonly whitenedMeans: readonly Float32Array[];
  /** The Cholesky factor of the covariance, by which vectors are whitened. */
  readonly factor: LowerTriangle;
  /** The same, turned for solving in the other direction. */
  readonly reversed: LowerTriangle;
}

/** One class in the metric of the discriminant. */
interface Discriminant {
  readonly whitened: Float32Array;
  readonly direction: Float32Array;
}

/**
 * From the centred vectors, in the layout's order. With the space of another catalogue, centred alike, the covariance
 * is taken to be that one's, and classes of the same examples are taken over.
 */
export function* createLdaSpace(
  layout: ClassLayout,
  dense: Pick<DenseSpace, "vectors" | "sums" | "dimension">,
  known?: LdaSpace | undefined,
): Steps<LdaSpace> {
  const { vectors, sums, dimension } = dense;
  const means = yield* mapInSteps(layout.classes.entries(), 8 * dimension, ([i, { start, end }]) =>
    scaled(sums[i] ?? [], 1 / (end - start)),
  );
  const factor = known?.factor ?? choleskyFactor(yield* shrunkCovariance(layout, vectors, means));
  const reversed = known?.reversed ?? reversedTranspose(factor);
  const byMean = known === undefined ? undefined : discriminantsByMean(known);
  const discriminants = yield* mapInSteps(means, dimension ** 2, (mean): Discriminant => {
    const same = byMean?.get(meanKey(mean));
    if (same !== undefined) return same;
    const whitened = whiten(factor, mean);
    return { whitened, direction: Float32Array.from(solveUpper(reversed, whitened)) };
  });
  const whitenedMeans = discriminants.map(({ whitened }) => whitened);
  return {
    means,
    factor,
    reversed,
    whitenedMeans,
    directions: discriminants.map(({ direction }) => direction),
    offsets: Float64Array.from(whitenedMeans, (mean) => 0.5 * dot(mean, mean)),
  };
}

function discriminantsByMean({
  means,
  whitenedMeans,
  directions,
}: LdaSpace): ReadonlyMap<string, Discriminant> {
  return new Map(
    means.map((mean, i) => {
      const none = new Float32Array(mean.length);
      return [meanKey(mean), { whitened: whitenedMeans[i] ?? none, direction: directions[i] ?? none }];
    }),
  );
}

/** Equal for equal means only: the bytes themselves. */
function meanKey(mean: Float32Array): string {
  return new TextDecoder("latin1").decode(new Uint8Array(mean.buffer, mean.byteOffset, mean.byteLength));
}

function whiten(factor: LowerTriangle, vector: Float32Array): Float32Array {
  return Float32Array.from(solveLower(factor, vector));
}

/** xᵀP m − ½ mᵀP m for every class, from the products of x with the directions; written into `scores` where that is given. */
export function withOffsets(
  products: Float32Array,
  offsets: Float64Array,
  scores: Float64Array = new Float64Array(offsets.length),
): Float64Array {
  for (let i = 0; i < scores.length; i++) scores[i] = (products[i] ?? 0) - (offsets[i] ?? 0);
  return scores;
}

/** The scores of a class's own examples, each as if it had not been there. */
export interface LeftOutScores {
  /** For an example by its centred vector; the class has others. */
  of(vector: Float32Array): Float64Array;
}

/**
 * Leaving example x of class y out moves y's mean by -r/(n-1) and, by the rank-one update of an inverse, changes P to
 * P + a (Pr)(Pr)ᵀ, where r = x - m_y. All products that this needs follow from those of x with the means and of m_y
 * with the means, which the examples of one class share.
 */
export function ldaScoresLeftOut(space: LdaSpace, layout: ClassLayout, ownClass: number): LeftOutScores {
  const ownMean = space.whitenedMeans[ownClass] ?? new Float32Array();
  const meanProducts = dotRows(space.whitenedMeans, ownMean);
  const size = (layout.classes[ownClass]?.end ?? 0) - (layout.classes[ownClass]?.start ?? 0);
  return {
    of: (vector) => {
      const example = whiten(space.factor, vector);
      const products = Float64Array.from(dotRows(space.whitenedMeans, example));
      const squared = dot(example, example);
      const residual = squared - 2 * (products[ownClass] ?? 0) + (meanProducts[ownClass] ?? 0);
      const change: RankOneChange = {
        exampleAlong: squared - (products[ownClass] ?? 0),
        residual,
        boost: precisionBoost(residual, size, layout),
        pull: 1 / (size - 1),
      };
      return products.map((product, index) => {
        const meanAlong = product - (meanProducts[index] ?? 0);
        const meanSquared = 2 * (space.offsets[index] ?? 0);
        const mean = { product, meanAlong, meanSquared };
        return changedScore(index === ownClass ? withoutPull(mean, change) : mean, change);
      });
    },
  };
}

/** Products of one class mean m with the example x, with the residual r and with itself. */
interface MeanProducts {
  readonly product: number;
  readonly meanAlong: number;
  readonly meanSquared: number;
}

/** What leaving one example out does: x·r, r·r, the factor a, and how far its own mean moves along r. */
interface RankOneChange {
  readonly exampleAlong: number;
  readonly residual: number;
  readonly boost: number;
  readonly pull: number;
}

function changedScore({ product, meanAlong, meanSquared }: MeanProducts, change: RankOneChange): number {
  const numerator = product + change.boost * change.exampleAlong * meanAlong;
  return numerator - 0.5 * (meanSquared + change.boost * meanAlong * meanAlong);
}

/** The products of m − pull · r. */
function withoutPull(mean: MeanProducts, { exampleAlong, residual, pull }: RankOneChange): MeanProducts {
  return {
    product: mean.product - pull * exampleAlong,
    meanAlong: mean.meanAlong - pull * residual,
    meanSquared: mean.meanSquared - 2 * pull * mean.meanAlong + pull * pull * residual,
  };
}

/** The factor a of P' = P + a (Pr)(Pr)ᵀ. */
function precisionBoost(residual: number, size: number, layout: ClassLayout): number {
  const k = ((1 - shrinkage) * size) / ((size - 1) * degreesOfFreedom(layout));
  return k / Math.max(1 - k * residual, 0.05);
}

function scaled(vector: ArrayLike<number>, factor: number): Float32Array {
  const target = Float32Array.from(vector);
  for (let i = 0; i < target.length; i++) target[i] = (vector[i] ?? 0) * factor;
  return target;
}

/** 0.7 · S_w + 0.3 · (tr S_w / d) · I; the unit matrix where no class has two different examples. */
function* shrunkCovariance(
  layout: ClassLayout,
  vectors: readonly Float32Array[],
  means: readonly Float32Array[],
): Steps<LowerTriangle> {
  const covariance = lowerTriangle(vectors[0]?.length ?? 0);
  const factor = (1 - shrinkage) / degreesOfFreedom(layout);
  yield* mapInSteps(vectors.keys(), covariance.length ** 2 / 2, (i) => {
    const residual = Float64Array.from(vectors[i] ?? []);
    addScaled(residual, means[layout.classOf[i] ?? 0] ?? [], -1);
    addOuterProduct(covariance, residual, factor);
  });
  const trace = covariance.reduce((sum, row, i) => sum + (row[i] ?? 0), 0) / (1 - shrinkage);
  const ridge = trace < 1e-9 ? 1 : (shrinkage * trace) / covariance.length;
  for (const [i, row] of covariance.entries()) row[i] = (row[i] ?? 0) + ridge;
  return covariance;
}

function degreesOfFreedom(layout: ClassLayout): number {
  return Math.max(layout.examples.length - layout.classes.length, 1);
}
