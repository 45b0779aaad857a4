/** The three scores of every capability for a text, and the same for an example as if it were not in the catalogue. */
import type { ClassLayout } from "./classes.ts";
import { createDenseSpace } from "./dense.ts";
import { createLdaSpace, ldaScoresLeftOut, withOffsets } from "./lda.ts";
import type { EmbeddedText, ScoreWeights } from "./model.ts";
import type { QueryRoom } from "./query-room.ts";
import type { ClassScores, QuerySpace, ScoreSpace } from "./query-space.ts";
import { blendSimilarities, blendWithoutSelf } from "./similarity.ts";
import { createSparseSpace, type SparseVector, sparseSimilarities, sparseVector } from "./sparse.ts";
import type { Steps } from "./steps.ts";
import { dotRows } from "./vector.ts";

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
  readonly dense: Float32Array;
  readonly sparse: Float32Array;
}

/**
 * What comes back lies in the room, until it is used for the next text.
 *
 * @throws RankingError for a vector that is not finite or of another length than the examples'.
 */
export function exampleSimilarities(
  space: QuerySpace,
  { text, vector }: EmbeddedText,
  room: QueryRoom,
): ExampleSimilarities {
  room.centred.write(vector, { dense: room.dense[0], directions: room.products[0] });
  return {
    dense: room.dense[0],
    sparse: sparseSimilarities(space.sparse, sparseVector(space.sparse, text), room.sparse),
  };
}

/**
 * What comes back lies in the room, until it is used for the next text.
 *
 * @throws RankingError for a vector that is not finite or of another length than the examples'.
 */
export function scoreQuery(space: QuerySpace, query: EmbeddedText, room: QueryRoom): ScoredQuery {
  const { dense: similarities, sparse } = exampleSimilarities(space, query, room);
  return { similarities, scores: scoresOf(space, sparse, room, 0) };
}

/** From the products with one of the vectors, which lie in the room. */
function scoresOf(
  { layout, dense, sparse, lda }: QuerySpace,
  sparseRow: Float32Array,
  room: QueryRoom,
  which: 0 | 1,
): ClassScores {
  const scores = room.scores[which];
  withOffsets(room.products[which], lda.offsets, scores.lda);
  blendSimilarities(room.dense[which], layout, dense.sumNorms, scores.dense);
  blendSimilarities(sparseRow, layout, sparse.sumNorms, scores.sparse);
  return scores;
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
 * {@link scoreQuery} with either vector: the terms are looked up once.
 *
 * @throws RankingError for a vector that is not finite or of another length than the examples'.
 */
export function scorePair(space: QuerySpace, query: TextWithPair, room: QueryRoom): ScoredPair {
  const { dense: similarities, sparse } = exampleSimilarities(space, query, room);
  room.centred.write(query.secondVector, { dense: room.dense[1], directions: room.products[1] });
  const scores = scoresOf(space, sparse, room, 0);
  return { similarities, scores, second: scoresOf(space, sparse, room, 1) };
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
