/**
 * The weights of the three scores: those under which a softmax gives every left-out example to its own class with the
 * least surprise. The same fit calibrates the probabilities. Three unknowns, a convex loss: Newton's method with the
 * weights held above a small floor.
 */
import { choleskyFactor, lowerTriangle, reversedTranspose, solveLower, solveUpper } from "./cholesky.ts";
import type { LeaveOneOutRow } from "./leave-one-out.ts";
import type { ScoreWeights } from "./model.ts";
import { softmax } from "./softmax.ts";
import { mapInSteps, type Steps } from "./steps.ts";

/** Used where nothing can be left out. */
export const defaultWeights: ScoreWeights = { lda: 0, dense: 12, sparse: 4 };

/** Fewer left-out examples than this say nothing reliable about three weights. */
const minRows = 12;
const startWeight = 1.5;
/** No score is switched off altogether: a catalogue of few examples may make one look useless by chance. */
const floorWeight = 0.05;
const ridge = 0.001;
const maxSteps = 40;
const tolerance = 1e-7;
/** What one class of a row costs, in multiplications: the exponential most. */
const rowCost = 40;

/** Scores of one row, class after class, three numbers each, brought to a common scale. */
interface ScaledRow {
  readonly ownClass: number;
  readonly values: Float64Array;
}

/** Fitted weights, or the default ones where there is too little to fit them on. */
export function* fitWeights(rows: readonly LeaveOneOutRow[]): Steps<ScoreWeights> {
  const classes = rows[0]?.scores.lda.length ?? 0;
  if (rows.length < minRows || classes < 2) return defaultWeights;
  const scales = [
    yield* acrossClassScale(rows.map((row) => row.scores.lda)),
    yield* acrossClassScale(rows.map((row) => row.scores.dense)),
    yield* acrossClassScale(rows.map((row) => row.scores.sparse)),
  ];
  const scaled = yield* mapInSteps(rows, rowCost * classes, (row) => scaleRow(row, scales));
  const [lda, dense, sparse] = (yield* minimise(scaled)).map((weight, i) => weight / (scales[i] ?? 1));
  return { lda: lda ?? 0, dense: dense ?? 0, sparse: sparse ?? 0 };
}

/** Root mean square over the rows of the standard deviation across classes; 1 for a score that never varies. */
function* acrossClassScale(rows: readonly Float64Array[]): Steps<number> {
  const variances = yield* mapInSteps(rows, 4 * (rows[0]?.length ?? 0), variance);
  const meanVariance = variances.reduce((sum, value) => sum + value, 0) / rows.length;
  return meanVariance < 1e-12 ? 1 : Math.sqrt(meanVariance);
}

function variance(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] ?? 0) - mean) ** 2;
  return squares / values.length;
}

function scaleRow({ ownClass, scores }: LeaveOneOutRow, scales: readonly number[]): ScaledRow {
  const values = new Float64Array(scores.lda.length * 3);
  for (let i = 0; i < scores.lda.length; i++) {
    values[3 * i] = (scores.lda[i] ?? 0) / (scales[0] ?? 1);
    values[3 * i + 1] = (scores.dense[i] ?? 0) / (scales[1] ?? 1);
    values[3 * i + 2] = (scores.sparse[i] ?? 0) / (scales[2] ?? 1);
  }
  return { ownClass, values };
}

function* minimise(rows: readonly ScaledRow[]): Steps<readonly number[]> {
  let weights: readonly number[] = [startWeight, startWeight, startWeight];
  let current = yield* evaluate(rows, weights);
  for (let step = 0; step < maxSteps; step++) {
    const direction = newtonDirection(current, weights);
    const next = yield* lineSearch(rows, weights, { direction, loss: current.loss });
    if (next === undefined || current.loss - next.evaluation.loss < tolerance) break;
    weights = next.weights;
    current = next.evaluation;
  }
  return weights;
}

interface Evaluation {
  readonly loss: number;
  readonly gradient: readonly number[];
  readonly hessian: readonly (readonly number[])[];
}

/** Mean surprise with its first two derivatives: expectation and covariance of the scores under the softmax. */
function* evaluate(rows: readonly ScaledRow[], weights: readonly number[]): Steps<Evaluation> {
  const sums = { loss: 0, gradient: new Float64Array(3), hessian: new Float64Array(9) };
  const cost = (rowCost * (rows[0]?.values.length ?? 0)) / 3;
  yield* mapInSteps(rows, cost, (row) => addRow(row, weights, sums));
  const count = rows.length;
  const penalty = ridge * weights.reduce((sum, weight) => sum + weight * weight, 0);
  const gradient = weights.map((weight, j) => (sums.gradient[j] ?? 0) / count + 2 * ridge * weight);
  const hessian = weights.map((_, j) =>
    weights.map((_, k) => (sums.hessian[3 * j + k] ?? 0) / count + (j === k ? 2 * ridge : 0)),
  );
  return { loss: sums.loss / count + penalty, gradient, hessian };
}

interface RowSums {
  loss: number;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

function addRow({ values, ownClass }: ScaledRow, weights: readonly number[], sums: RowSums): void {
  const [w0 = 0, w1 = 0, w2 = 0] = weights;
  const scores = new Float64Array(values.length / 3);
  for (let i = 0; i < scores.length; i++) {
    scores[i] = w0 * (values[3 * i] ?? 0) + w1 * (values[3 * i + 1] ?? 0) + w2 * (values[3 * i + 2] ?? 0);
  }
  const probabilities = new Float64Array(scores.length);
  sums.loss += softmax(scores, probabilities) - (scores[ownClass] ?? 0);
  const mean = expectation(values, probabilities);
  for (let j = 0; j < 3; j++) {
    sums.gradient[j] = (sums.gradient[j] ?? 0) + (mean[j] ?? 0) - (values[3 * ownClass + j] ?? 0);
  }
  addCovariance({ values, probabilities, mean }, sums.hessian);
}

function expectation(values: Float64Array, probabilities: Float64Array): Float64Array {
  const mean = new Float64Array(3);
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i] ?? 0;
    for (let j = 0; j < 3; j++) mean[j] = (mean[j] ?? 0) + probability * (values[3 * i + j] ?? 0);
  }
  return mean;
}

interface Distribution {
  readonly values: Float64Array;
  readonly probabilities: Float64Array;
  readonly mean: Float64Array;
}

function addCovariance({ values, probabilities, mean }: Distribution, target: Float64Array): void {
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i] ?? 0;
    if (probability < 1e-12) continue;
    for (let j = 0; j < 3; j++) {
      const weighted = probability * ((values[3 * i + j] ?? 0) - (mean[j] ?? 0));
      for (let k = 0; k < 3; k++) {
        target[3 * j + k] = (target[3 * j + k] ?? 0) + weighted * ((values[3 * i + k] ?? 0) - (mean[k] ?? 0));
      }
    }
  }
}

/** Newton's step among the weights that are free to move: those at the floor that would sink stay there. */
function newtonDirection({ gradient, hessian }: Evaluation, weights: readonly number[]): readonly number[] {
  const free = [0, 1, 2].filter((j) => (weights[j] ?? 0) > floorWeight || (gradient[j] ?? 0) < 0);
  const reduced = lowerTriangle(free.length);
  for (const [row, values] of reduced.entries()) {
    for (let column = 0; column <= row; column++) {
      values[column] = hessian[free[row] ?? 0]?.[free[column] ?? 0] ?? 0;
    }
  }
  const factor = choleskyFactor(reduced);
  const right = free.map((j) => -(gradient[j] ?? 0));
  const solution = solveUpper(reversedTranspose(factor), solveLower(factor, right));
  return weights.map((_, j) => (free.includes(j) ? (solution[free.indexOf(j)] ?? 0) : 0));
}

/** The longest of the steps 1, ½, ¼ … that lowers the loss. */
function* lineSearch(
  rows: readonly ScaledRow[],
  weights: readonly number[],
  from: { readonly direction: readonly number[]; readonly loss: number },
): Steps<{ readonly weights: readonly number[]; readonly evaluation: Evaluation } | undefined> {
  for (let length = 1; length > 1e-3; length /= 2) {
    const next = weights.map((weight, j) =>
      Math.max(floorWeight, weight + length * (from.direction[j] ?? 0)),
    );
    const evaluation = yield* evaluate(rows, next);
    if (evaluation.loss < from.loss) return { weights: next, evaluation };
  }
  return undefined;
}
