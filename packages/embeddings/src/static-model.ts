import { foreignWords } from "./foreign-words.ts";
import type { EmbeddingModel } from "./model.ts";
import { splitWords, tokenize, type Vocabulary } from "./wordpiece.ts";

/**
 * A static embedding: every word piece has one row of int8 numbers, a text is the sum of its rows brought to length 1.
 * No network, no matrix product: a few microseconds a text.
 */
export interface StaticTable {
  /** Row-major, one row of `dimension` numbers per piece with an id from `firstRow` on. */
  readonly rows: Int8Array;
  readonly dimension: number;
  /** Id of the piece that the first row belongs to; pieces before it (markers, unknown) carry no meaning. */
  readonly firstRow: number;
}

/** The English model over a table and its vocabulary. */
export function createStaticModel(id: string, table: StaticTable, vocabulary: Vocabulary): EmbeddingModel {
  return {
    id,
    dimension: table.dimension,
    embed: async (texts, { signal }) => {
      signal.throwIfAborted();
      return texts.map((text) => embedText(text, table, vocabulary));
    },
    knowsWord: (word) => isKnownWord(word, table, vocabulary),
  };
}

function embedText(text: string, table: StaticTable, vocabulary: Vocabulary): Float32Array {
  const sum = new Float32Array(table.dimension);
  for (const id of tokenize(text, vocabulary)) addRow(sum, id, table);
  return normaliseInPlace(sum);
}

function addRow(sum: Float32Array, id: number, { rows, dimension, firstRow }: StaticTable): void {
  if (id < firstRow) return;
  const offset = (id - firstRow) * dimension;
  for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + (rows[offset + i] ?? 0);
}

function normaliseInPlace(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  if (norm === 0) return vector;
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) / norm;
  return vector;
}

/** Known as a whole, and not one of the small words by which other languages are recognised. */
function isKnownWord(word: string, table: StaticTable, vocabulary: Vocabulary): boolean {
  return splitWords(word).every(
    (part) => (vocabulary.ids.get(part) ?? 0) >= table.firstRow && !foreignWords.has(part),
  );
}
