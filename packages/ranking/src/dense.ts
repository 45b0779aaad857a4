/** The dense view: embeddings moved to their common centre and brought to length 1. */
import type { ClassLayout, ExampleClass } from "./classes.ts";
import { RankingError } from "./errors.ts";
import { mapInSteps, type Steps } from "./steps.ts";
import { addScaled, dot, toUnit } from "./vector.ts";

/** Examples that the mean is mixed with a centre at zero for: few examples move it little. */
const centrePrior = 100;
/** Passes over a vector until it is centred and of length 1. */
const vectorCost = 8;

/** Centred examples. */
export interface DenseSpace {
  readonly dimension: number;
  readonly vectors: readonly Float32Array[];
  /** Sum of every class's vectors. */
  readonly sums: readonly Float64Array[];
  /** Their lengths. */
  readonly sumNorms: Float64Array;
  /** The centred vector of every vector given. */
  readonly centredOf: ReadonlyMap<Float32Array, Float32Array>;
  /** What is taken from every vector. */
  readonly middle: Float32Array;
}

/**
 * With the space of a catalogue that differs little, its middle is taken over, and vectors that it knows are not centred
 * again.
 *
 * @throws RankingError for vectors that are not finite or of different lengths.
 */
export function* createDenseSpace(layout: ClassLayout, known?: DenseSpace | undefined): Steps<DenseSpace> {
  const raw = layout.examples.map((example) => example.vector);
  const dimension = known?.dimension ?? raw[0]?.length ?? 0;
  yield* mapInSteps(raw, dimension, (vector) => {
    if (known?.centredOf.has(vector) !== true) checkVector(vector, dimension);
  });
  const middle = known?.middle ?? (yield* shrunkMean(raw, dimension));
  const rows = known === undefined ? emptyRows(raw.length, dimension) : [];
  const vectors = yield* mapInSteps(
    raw.entries(),
    vectorCost * dimension,
    ([i, vector]) =>
      known?.centredOf.get(vector) ?? (dot(vector, vector) === 0 ? vector : centred(vector, middle, rows[i])),
  );
  const cost = (vectorCost * dimension * raw.length) / layout.classes.length;
  const sums = yield* mapInSteps(layout.classes, cost, (own) => sumOf(own, vectors, dimension));
  return {
    dimension,
    vectors,
    sums,
    sumNorms: Float64Array.from(sums, lengthOf),
    centredOf: new Map(raw.map((vector, i) => [vector, vectors[i] ?? vector])),
    middle,
  };
}

/**
 * The vector of a query, centred like the examples; written into `target` where that is given.
 *
 * @throws RankingError for a vector that is not finite or of another length.
 */
export function centreVector(
  { dimension, middle }: Pick<DenseSpace, "dimension" | "middle">,
  vector: Float32Array,
  target: Float32Array = new Float32Array(dimension),
): Float32Array {
  // A zero vector means "nothing known" and stays zero.
  return checkVector(vector, dimension) === 0 ? vector : centred(vector, middle, target);
}

/** Rows of zeros in one piece of memory: they are read one after the other, and go together. */
function emptyRows(count: number, dimension: number): readonly Float32Array[] {
  const numbers = new Float32Array(count * dimension);
  return Array.from({ length: count }, (_, row) => numbers.subarray(row * dimension, (row + 1) * dimension));
}

function sumOf(
  { start, end }: ExampleClass,
  vectors: readonly Float32Array[],
  dimension: number,
): Float64Array {
  const sum = new Float64Array(dimension);
  for (let i = start; i < end; i++) addScaled(sum, vectors[i] ?? sum, 1);
  return sum;
}

function lengthOf(vector: Float64Array): number {
  let squared = 0;
  for (let i = 0; i < vector.length; i++) squared += (vector[i] ?? 0) ** 2;
  return Math.sqrt(squared);
}

/** n/(n + prior) times the mean. */
function* shrunkMean(vectors: readonly Float32Array[], dimension: number): Steps<Float32Array> {
  const sum = new Float64Array(dimension);
  yield* mapInSteps(vectors, vectorCost * dimension, (vector) => addScaled(sum, vector, 1));
  return Float32Array.from(sum, (value) => value / (vectors.length + centrePrior));
}

function centred(
  vector: Float32Array,
  centre: Float32Array,
  target: Float32Array = new Float32Array(vector.length),
): Float32Array {
  for (let i = 0; i < vector.length; i++) target[i] = (vector[i] ?? 0) - (centre[i] ?? 0);
  return toUnit(target);
}

/**
 * Its squared length.
 *
 * @throws RankingError for a vector that is not finite or of another length.
 */
export function checkVector(vector: Float32Array, dimension: number): number {
  if (vector.length !== dimension) {
    throw new RankingError(
      "DimensionMismatch",
      `vector of length ${vector.length} among vectors of ${dimension}`,
      {
        details: { length: vector.length, dimension },
      },
    );
  }
  // One pass tells: squares of 32-bit numbers do not overflow, and what is not finite makes a sum that is not.
  const squared = dot(vector, vector);
  if (!Number.isFinite(squared))
    throw new RankingError("InvalidVector", "vector with a number that is not finite");
  return squared;
}
