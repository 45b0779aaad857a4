/**
 * The sparse view: TF-IDF over words and word pairs, and over the 3 to 5 letter pieces of words. It knows names,
 * numbers and spellings that an embedding blurs. Each half has length 1, so that the similarity of two texts is the
 * mean of the two cosines.
 */
import type { ClassLayout } from "./classes.ts";
import { classSumNorms } from "./similarity.ts";
import { characterTerms, wordTerms } from "./terms.ts";

/** A term of the examples: its rarity, and the examples that hold it. */
interface TermEntry {
  readonly idf: number;
  readonly examples: number[];
  readonly weights: number[];
}

/** Weight of every known term of a text, both views together of length 1. */
type SparseVector = ReadonlyMap<TermEntry, number>;

/** Which examples hold which terms. */
export interface SparseSpace {
  readonly size: number;
  readonly terms: ReadonlyMap<string, TermEntry>;
  readonly sumNorms: Float64Array;
}

/** Both views count the same: each is half of the squared length. */
const viewLength = Math.SQRT1_2;

/** Counts terms over the examples and indexes their vectors by term. */
export function createSparseSpace(layout: ClassLayout): SparseSpace {
  const texts = layout.examples.map((example) => example.text);
  const terms = countTerms(texts);
  const vectors = texts.map((text) => sparseVector(text, terms));
  for (const [example, vector] of vectors.entries()) {
    for (const [entry, weight] of vector) {
      entry.examples.push(example);
      entry.weights.push(weight);
    }
  }
  const sumNorms = classSumNorms(layout, (left, right) => sparseDot(vectors[left], vectors[right]));
  return { size: texts.length, terms, sumNorms };
}

/** Similarity of a text to every example, 0 to 1. */
export function sparseSimilarities(space: SparseSpace, text: string): Float32Array {
  const similarities = new Float32Array(space.size);
  for (const [entry, weight] of sparseVector(text, space.terms)) addPostings(similarities, entry, weight);
  return similarities;
}

function addPostings(similarities: Float32Array, { examples, weights }: TermEntry, weight: number): void {
  for (let i = 0; i < examples.length; i++) {
    const example = examples[i] ?? 0;
    similarities[example] = (similarities[example] ?? 0) + weight * (weights[i] ?? 0);
  }
}

/** Every term of the texts with idf = ln((1 + N) / (1 + df)) + 1. */
function countTerms(texts: readonly string[]): ReadonlyMap<string, TermEntry> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const term of new Set([...wordTerms(text), ...characterTerms(text)])) {
      counts.set(term, (counts.get(term) ?? 0) + 1);
    }
  }
  const idf = (count: number): number => Math.log((1 + texts.length) / (1 + count)) + 1;
  return new Map([...counts].map(([term, count]) => [term, { idf: idf(count), examples: [], weights: [] }]));
}

function sparseVector(text: string, terms: ReadonlyMap<string, TermEntry>): SparseVector {
  const vector = new Map<TermEntry, number>();
  addView(vector, wordTerms(text), terms);
  addView(vector, characterTerms(text), terms);
  return vector;
}

/** Adds one view at its own length; terms that no example has count for nothing. */
function addView(
  vector: Map<TermEntry, number>,
  found: readonly string[],
  terms: ReadonlyMap<string, TermEntry>,
): void {
  const weights = new Map<TermEntry, number>();
  for (const term of found) {
    const entry = terms.get(term);
    if (entry !== undefined) weights.set(entry, (weights.get(entry) ?? 0) + 1);
  }
  let squared = 0;
  for (const [entry, count] of weights) {
    const weight = (1 + Math.log(count)) * entry.idf;
    weights.set(entry, weight);
    squared += weight * weight;
  }
  const factor = viewLength / Math.sqrt(squared);
  for (const [entry, weight] of weights) vector.set(entry, weight * factor);
}

function sparseDot(left: SparseVector = new Map(), right: SparseVector = new Map()): number {
  let sum = 0;
  for (const [entry, weight] of left) sum += weight * (right.get(entry) ?? 0);
  return sum;
}
