/** The three scores of every capability for a text, and the same for an example as if it were not in the catalogue. */
import type { ClassLayout } from "./classes.ts";
import { centreVector, createDenseSpace } from "./dense.ts";
import { createLdaSpace, ldaScores, ldaScoresLeftOut, withOffsets } from "./lda.ts";
import type { EmbeddedText, ScoreWeights } from "./model.ts";
import type { QueryRoom } from "./query-room.ts";
import type { ClassScores, QuerySpace, ScoreSpace } from "./query-space.ts";
import { blendSimilarities, blendWithoutSelf } from "./similarity.ts";
import { createSparseSpace, type SparseVector, sparseSimilarities, sparseVector } from "./sparse.ts";
import type { Steps } from "./steps.ts";
import { dotRows, dotRowsOfPair, fillPair } from "./vector.ts";

/** Scores of a text, and its similarities to the examples, which explain them. */
export interface ScoredQuery {
  readonly scores: ClassScores;
  readonly similarities: Float32Array;
}

/** The space, and what of the examples only fitting needs. */
export interface FittingSpace {
  readonly space: ScoreSpace;
  readonly sparseVectors: readonly SparseVector[];
}

/**
 * With the space of a catalogue that differs little, its middle and covariance are taken over, and vectors, texts and
 * capabilities that it knows are not worked on again.
 *
 * @throws RankingError for vectors that are not finite or of different lengths.
 */
export function* createScoreSpace(layout: ClassLayout, known?: ScoreSpace | undefined): Steps<FittingSpace> {
  const dense = yield* createDenseSpace(layout, known?.dense);
  const sparse = yield* createSparseSpace(layout, known?.sparse);
  const lda = yield* createLdaSpace(layout, dense, known?.lda);
  return { space: { layout, dense, sparse: sparse.space, lda }, sparseVectors: sparse.vectors };
}

/** How similar a text is to every example, in both views. */
export interface ExampleSimilarities {
  /** The centred vector of the text. */
  readonly centred: Float32Array;
  readonly dense: Float32Array;
  readonly sparse: Float32Array;
}

/**
 * Where `room` is given, what comes back lies in it, until it is used for the next text.
 *
 * @throws RankingError for a vector that is not finite or of another length than the examples'.
 */
export function exampleSimilarities(
  space: QuerySpace,
  { text, vector }: EmbeddedText,
  room?: QueryRoom,
): ExampleSimilarities {
  const centred = centreVector(space.dense, vector, room?.pair.narrow[0]);
  return {
    centred,
    dense: dotRows(space.dense.vectors, centred, room?.dense[0]),
    sparse: sparseSimilarities(space.sparse, sparseVector(space.sparse, text), room?.sparse),
  };
}

/**
 * Where `room` is given, what comes back lies in it, until it is used for the next text.
 *
 * @throws RankingError for a vector that is not finite or of another length than the examples'.
 */
export function scoreQuery(space: QuerySpace, query: EmbeddedText, room?: QueryRoom): ScoredQuery {
  const { centred, dense: similarities, sparse } = exampleSimilarities(space, query, room);
  const scores = room?.scores[0];
  const forLda = room && { products: room.products[0], scores: room.scores[0].lda };
  return {
    similarities,
    scores: {
      lda: ldaScores(space.lda, centred, forLda),
      dense: blendSimilarities(similarities, space.layout, space.dense.sumNorms, scores?.dense),
      sparse: blendSimilarities(sparse, space.layout, space.sparse.sumNorms, scores?.sparse),
    },
  };
}

/** A text with two vectors. */
export interface TextWithPair extends EmbeddedText {
  readonly secondVector: Float32Array;
}

/** Its scores by the first vector, and by the second. */
export interface ScoredPair extends ScoredQuery {
  readonly second: ClassScores;
}

/**
 * {@link scoreQuery} with either vector, to the last bit: the terms are looked up once, and each row is read once for both.
 *
 * @throws RankingError for a vector that is not finite or of another length than the examples'.
 */
export function scorePair(
  space: QuerySpace,
  { text, vector, secondVector }: TextWithPair,
  room: QueryRoom,
): ScoredPair {
  const { pair } = room;
  fillPair(pair, [
    centreVector(space.dense, vector, pair.narrow[0]),
    centreVector(space.dense, secondVector, pair.narrow[1]),
  ]);
  dotRowsOfPair(space.dense.vectors, pair, room.dense);
  dotRowsOfPair(space.lda.directions, pair, room.products);
  const similarities = sparseSimilarities(space.sparse, sparseVector(space.sparse, text), room.sparse);
  for (const which of [0, 1] as const) {
    const { lda, dense, sparse } = room.scores[which];
    withOffsets(room.products[which], space.lda.offsets, lda);
    blendSimilarities(room.dense[which], space.layout, space.dense.sumNorms, dense);
    blendSimilarities(similarities, space.layout, space.sparse.sumNorms, sparse);
  }
  return { similarities: room.dense[0], scores: room.scores[0], second: room.scores[1] };
}

/** Scores an example of one class as if it were not in the catalogue. The class has at least two. */
export function scorerLeftOut(
  { space, sparseVectors }: FittingSpace,
  ownClass: number,
): (self: number) => ClassScores {
  const { layout, dense, sparse, lda } = space;
  const ldaScoresOf = ldaScoresLeftOut(lda, layout, ownClass);
  return (self) => {
    const vector = dense.vectors[self] ?? new Float32Array(dense.dimension);
    const denseRow = dotRows(dense.vectors, vector);
    const sparseRow = sparseSimilarities(sparse, sparseVectors[self] ?? noTerms);
    return {
      lda: ldaScoresOf.of(vector),
      dense: blendLeavingOut(denseRow, layout, { self, sumNorms: dense.sumNorms }),
      sparse: blendLeavingOut(sparseRow, layout, { self, sumNorms: sparse.sumNorms }),
    };
  };
}

const noTerms: SparseVector = { size: 0, terms: new Int32Array(), weights: new Float64Array() };

/** w_L L + w_D D + w_S S for every class; written into `combined` where that is given. */
export function combineScores(
  { lda, dense, sparse }: ClassScores,
  weights: ScoreWeights,
  combined: Float64Array = new Float64Array(lda.length),
): Float64Array {
  for (let i = 0; i < combined.length; i++) {
    combined[i] =
      weights.lda * (lda[i] ?? 0) + weights.dense * (dense[i] ?? 0) + weights.sparse * (sparse[i] ?? 0);
  }
  return combined;
}

function blendLeavingOut(
  row: Float32Array,
  layout: ClassLayout,
  without: { readonly self: number; readonly sumNorms: Float64Array },
): Float64Array {
  const blended = blendSimilarities(row, layout, without.sumNorms);
  const ownClass = layout.classOf[without.self] ?? 0;
  const own = layout.classes[ownClass];
  if (own !== undefined) {
    const sumNorm = without.sumNorms[ownClass] ?? 0;
    blended[ownClass] = blendWithoutSelf(row, own, { self: without.self, sumNorm });
  }
  return blended;
}
