/**
 * The sparse view: TF-IDF over words and word pairs, and over the 3 to 5 letter pieces of words. It knows names,
 * numbers and spellings that an embedding blurs. Each half has length 1, so that the similarity of two texts is the
 * mean of the two cosines.
 */
import type { ClassLayout } from "./classes.ts";
import { classSumNorms } from "./similarity.ts";
import { characterTerms, wordTerms } from "./terms.ts";

interface Posting {
  readonly example: number;
  readonly weight: number;
}

/** Weight of every term of a text, both views together of length 1. */
type SparseVector = ReadonlyMap<string, number>;

/** Which examples hold which terms. */
export interface SparseSpace {
  readonly size: number;
  readonly sumNorms: Float64Array;
  readonly postings: ReadonlyMap<string, readonly Posting[]>;
  readonly idf: ReadonlyMap<string, number>;
}

const halfWeight = Math.SQRT1_2;

/** Counts terms over the examples and indexes their vectors by term. */
export function createSparseSpace(layout: ClassLayout): SparseSpace {
  const texts = layout.examples.map((example) => example.text);
  const idf = inverseDocumentFrequencies(texts);
  const vectors = texts.map((text) => sparseVector(text, idf));
  const sumNorms = classSumNorms(layout, (left, right) => sparseDot(vectors[left], vectors[right]));
  return { size: texts.length, idf, postings: indexByTerm(vectors), sumNorms };
}

/** Similarity of a text to every example, 0 to 1. */
export function sparseSimilarities(space: SparseSpace, text: string): Float32Array {
  const similarities = new Float32Array(space.size);
  for (const [term, weight] of sparseVector(text, space.idf)) {
    for (const posting of space.postings.get(term) ?? []) {
      similarities[posting.example] = (similarities[posting.example] ?? 0) + weight * posting.weight;
    }
  }
  return similarities;
}

/** ln((1 + N) / (1 + df)) + 1 for every term of the examples. */
function inverseDocumentFrequencies(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const term of new Set([...wordTerms(text), ...characterTerms(text)])) {
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  }
  for (const [term, count] of counts) counts.set(term, Math.log((1 + texts.length) / (1 + count)) + 1);
  return counts;
}

function sparseVector(text: string, idf: ReadonlyMap<string, number>): SparseVector {
  const vector = new Map<string, number>();
  addView(vector, wordTerms(text), idf);
  addView(vector, characterTerms(text), idf);
  return vector;
}

/** Adds one view at its own length; terms that no example has count for nothing. */
function addView(
  vector: Map<string, number>,
  terms: readonly string[],
  idf: ReadonlyMap<string, number>,
): void {
  const weights = new Map<string, number>();
  for (const term of terms) if (idf.has(term)) weights.set(term, (weights.get(term) ?? 0) + 1);
  let squared = 0;
  for (const [term, count] of weights) {
    const weight = (1 + Math.log(count)) * (idf.get(term) ?? 0);
    weights.set(term, weight);
    squared += weight * weight;
  }
  const factor = halfWeight / Math.sqrt(squared);
  for (const [term, weight] of weights) vector.set(term, weight * factor);
}

function indexByTerm(vectors: readonly SparseVector[]): ReadonlyMap<string, readonly Posting[]> {
  const postings = new Map<string, Posting[]>();
  for (const [example, vector] of vectors.entries()) {
    for (const [term, weight] of vector) {
      const list = postings.get(term);
      if (list === undefined) postings.set(term, [{ example, weight }]);
      else list.push({ example, weight });
    }
  }
  return postings;
}

function sparseDot(left: SparseVector = new Map(), right: SparseVector = new Map()): number {
  let sum = 0;
  for (const [term, weight] of left) sum += weight * (right.get(term) ?? 0);
  return sum;
}
