/**
 * The sparse view: TF-IDF over words and word pairs, and over the 3 to 5 letter pieces of words. It knows names,
 * numbers and spellings that an embedding blurs. Each half has length 1, so that the similarity of two texts is the
 * mean of the two cosines. Terms are numbered and kept in flat arrays: a catalogue of 15,000 examples has a million
 * occurrences of them.
 */
import { TermTable } from "@lmos/primitives";
import type { ClassLayout } from "./classes.ts";
import { mapInSteps, type Steps } from "./steps.ts";
import { type NumberedTerms, TermFinder, type TermTables } from "./term-finder.ts";
import { piecesPerUnit, type TermVisitor, termTextOf, visitPiecesOfWord, visitWordTerms } from "./terms.ts";
import { WordPieces } from "./word-pieces.ts";

/** Which examples hold which terms. */
export interface SparseSpace {
  /** Number of examples. */
  readonly size: number;
  /** Every term that an example holds, or held when the space was another's. */
  readonly tables: TermTables;
  /** The terms of the examples by their texts, for the space of a changed catalogue. */
  readonly numbered: ReadonlyMap<string, NumberedTerms>;
  /** Rarity of every term: ln((1 + N) / (1 + df)) + 1; 0 where no example holds it. */
  readonly rarity: Float64Array;
  readonly postings: Postings;
  readonly sumNorms: Float64Array;
}

/** The examples with a term, term after term: those of term t lie from starts[t] to starts[t + 1]. */
interface Postings {
  readonly starts: Int32Array;
  readonly examples: Int32Array;
  readonly weights: Float32Array;
}

/** The known terms of a text and their weights, both views together of length 1. */
export interface SparseVector extends TermWeights {
  /** Of both arrays only so many count. */
  readonly size: number;
}

interface TermWeights {
  readonly terms: Int32Array;
  readonly weights: Float64Array;
}

/** The space, and the examples' own vectors, which only fitting needs. */
export interface SparseExamples {
  readonly space: SparseSpace;
  readonly vectors: readonly SparseVector[];
}

const noTerms: NumberedTerms = { words: new Int32Array(), pieces: new Int32Array() };
/** Both views count the same: each is half of the squared length. */
const viewLength = Math.SQRT1_2;
/** What a text costs to take apart, in multiplications. */
const textCost = 20_000;

/** Counts terms over the examples and indexes their vectors by term. Texts of the known space need not be cut again. */
export function* createSparseSpace(
  layout: ClassLayout,
  known?: SparseSpace | undefined,
): Steps<SparseExamples> {
  const tables: TermTables = {
    words: known?.tables.words.copy() ?? new TermTable(),
    pieces: known?.tables.pieces.copy() ?? new TermTable(),
    wordPieces: known?.tables.wordPieces.copy() ?? new WordPieces(),
  };
  const numbered = yield* mapInSteps(layout.examples, textCost, ({ text }) => {
    return known?.numbered.get(text) ?? enterTerms(text, tables);
  });
  for (const table of [tables.words, tables.pieces, tables.wordPieces]) table.trim();
  const termCount = tables.words.size + tables.pieces.size;
  const rarity = yield* rarityOf(numbered, tables);
  const vectors = yield* mapInSteps(numbered, textCost / 4, (own) => weigh(own, { rarity, tables }));
  const sumNorms = yield* classSumNorms(layout, vectors, termCount);
  const postings = yield* invert(vectors, termCount);
  const byText = new Map(layout.examples.map(({ text }, i) => [text, numbered[i] ?? noTerms]));
  const space = { size: vectors.length, tables, numbered: byText, rarity, postings, sumNorms };
  return { space, vectors };
}

/** One text is read at a time, whatever space it is for: all of them share these arrays. */
const finder = new TermFinder();
/** How often each term occurs in it, while it is weighed; zeros otherwise. */
let occurrences = new Int32Array();
let weighed: TermWeights = { terms: new Int32Array(), weights: new Float64Array() };

/**
 * The vector of any text; terms that no example has count for nothing. It lasts until the next one is asked for, which uses
 * its arrays again.
 */
export function sparseVector(space: Pick<SparseSpace, "tables" | "rarity">, text: string): SparseVector {
  const numbered = finder.find(text, space.tables);
  if (termsIn(numbered) > weighed.terms.length) weighed = weightsFor(termsIn(numbered));
  return weigh(numbered, space, weighed);
}

/** Similarity of a text to every example, 0 to 1; written into `similarities` where that is given. */
export function sparseSimilarities(
  { size, postings }: Pick<SparseSpace, "size" | "postings">,
  vector: SparseVector,
  similarities: Float32Array = new Float32Array(size),
): Float32Array {
  const { starts, examples, weights } = postings;
  similarities.fill(0);
  for (let i = 0; i < vector.size; i++) {
    const term = vector.terms[i] ?? 0;
    const weight = vector.weights[i] ?? 0;
    const end = starts[term + 1] ?? 0;
    for (let at = starts[term] ?? 0; at < end; at++) {
      const example = examples[at] ?? 0;
      similarities[example] = (similarities[example] ?? 0) + weight * (weights[at] ?? 0);
    }
  }
  return similarities;
}

/** The terms of an example; those that are new get a number. */
function enterTerms(text: string, tables: TermTables): NumberedTerms {
  const found = termTextOf(text);
  const words = numbers((visit) => visitWordTerms(found, visit), tables.words);
  const pieces = new Int32Array(found.text.length * piecesPerUnit);
  let count = 0;
  for (let place = 0; place < found.starts.length; place++) {
    const word = words[place] ?? 0; // pairs come after all words
    if (!tables.wordPieces.has(word)) {
      const own = numbers((visit) => visitPiecesOfWord(found, place, visit), tables.pieces);
      tables.wordPieces.add(word, own);
    }
    count = tables.wordPieces.write(word, pieces, count);
  }
  return { words: Int32Array.from(words).sort(), pieces: pieces.slice(0, count).sort() };
}

function numbers(visitTerms: (visit: TermVisitor) => void, table: TermTable): readonly number[] {
  const entered: number[] = [];
  visitTerms((text, start, end) => entered.push(table.enter(text, start, end)));
  return entered;
}

function* rarityOf(texts: readonly NumberedTerms[], { words, pieces }: TermTables): Steps<Float64Array> {
  const counts = new Int32Array(words.size + pieces.size);
  const ofWords = counts.subarray(0, words.size);
  const ofPieces = counts.subarray(words.size);
  yield* mapInSteps(texts, textCost / 10, (own) => {
    countOnce(own.words, ofWords);
    countOnce(own.pieces, ofPieces);
  });
  return Float64Array.from(counts, (count) =>
    count === 0 ? 0 : Math.log((1 + texts.length) / (1 + count)) + 1,
  );
}

function countOnce(sorted: Int32Array, counts: Int32Array): void {
  for (let i = 0; i < sorted.length; i++) {
    const term = sorted[i] ?? 0;
    if (term !== sorted[i - 1]) counts[term] = (counts[term] ?? 0) + 1;
  }
}

function termsIn({ words, pieces }: NumberedTerms): number {
  return words.length + pieces.length;
}

function weightsFor(terms: number): TermWeights {
  return { terms: new Int32Array(terms), weights: new Float64Array(terms) };
}

function weigh(
  numbered: NumberedTerms,
  { rarity, tables }: Pick<SparseSpace, "rarity" | "tables">,
  arrays: TermWeights = weightsFor(termsIn(numbered)),
): SparseVector {
  const { words, pieces } = numbered;
  if (rarity.length > occurrences.length) occurrences = new Int32Array(rarity.length);
  const middle = appendView(arrays, words, { rarity, start: 0, firstTerm: 0 });
  const size = appendView(arrays, pieces, { rarity, start: middle, firstTerm: tables.words.size });
  return { size, ...arrays };
}

interface AppendedView {
  readonly rarity: Float64Array;
  /** Where in the vector it begins. */
  readonly start: number;
  /** The first term of its table among all terms. */
  readonly firstTerm: number;
}

/** Appends one view at its own length; returns where the next begins. */
function appendView(
  { terms, weights }: TermWeights,
  numbers: Int32Array,
  { rarity, start, firstTerm }: AppendedView,
): number {
  let end = start;
  for (let i = 0; i < numbers.length; i++) {
    const term = firstTerm + (numbers[i] ?? 0);
    const before = occurrences[term] ?? 0;
    if (before === 0) terms[end++] = term;
    occurrences[term] = before + 1;
  }
  let squared = 0;
  for (let i = start; i < end; i++) {
    const term = terms[i] ?? 0;
    const weight = frequencyOf(occurrences[term] ?? 0) * (rarity[term] ?? 0);
    occurrences[term] = 0;
    squared += weight * weight;
    weights[i] = weight;
  }
  const factor = squared === 0 ? 0 : viewLength / Math.sqrt(squared);
  for (let i = start; i < end; i++) weights[i] = (weights[i] ?? 0) * factor;
  return end;
}

/** Nearly every term of a message occurs once. */
function frequencyOf(count: number): number {
  return count === 1 ? 1 : 1 + Math.log(count);
}

function* invert(vectors: readonly SparseVector[], termCount: number): Steps<Postings> {
  const starts = new Int32Array(termCount + 1);
  yield* mapInSteps(vectors, textCost / 10, ({ terms, size }) => {
    for (let i = 0; i < size; i++) {
      const next = (terms[i] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
  });
  for (let term = 0; term < termCount; term++)
    starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  const next = starts.slice();
  const occurrences = starts[termCount] ?? 0;
  const postings = { starts, examples: new Int32Array(occurrences), weights: new Float32Array(occurrences) };
  yield* mapInSteps(vectors.entries(), textCost / 10, ([example, { terms, weights, size }]) => {
    for (let i = 0; i < size; i++) {
      const at = next[terms[i] ?? 0] ?? 0;
      next[terms[i] ?? 0] = at + 1;
      postings.examples[at] = example;
      postings.weights[at] = weights[i] ?? 0;
    }
  });
  return postings;
}

/** Length of the sum of every class's vectors. */
function* classSumNorms(
  { classes, examples }: ClassLayout,
  vectors: readonly SparseVector[],
  termCount: number,
): Steps<Float64Array> {
  const sum = new Float64Array(termCount);
  const cost = (textCost / 10) * (examples.length / classes.length);
  const norms = yield* mapInSteps(classes, cost, ({ start, end }) => {
    const own = vectors.slice(start, end);
    for (const { terms, weights, size } of own) {
      for (let i = 0; i < size; i++) {
        const term = terms[i] ?? 0;
        sum[term] = (sum[term] ?? 0) + (weights[i] ?? 0);
      }
    }
    return Math.sqrt(takeSquares(own, sum));
  });
  return Float64Array.from(norms);
}

/** The sum's squared length; leaves zeros behind. */
function takeSquares(vectors: readonly SparseVector[], sum: Float64Array): number {
  let squared = 0;
  for (const { terms, size } of vectors) {
    for (let i = 0; i < size; i++) {
      const term = terms[i] ?? 0;
      squared += (sum[term] ?? 0) ** 2;
      sum[term] = 0;
    }
  }
  return squared;
}
