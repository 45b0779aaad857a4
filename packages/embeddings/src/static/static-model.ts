import type { EmbeddingModel, WordFamiliarity } from "../model.ts";
import { toUnitLength } from "../unit-length.ts";
import { foreignWords } from "./foreign-words.ts";
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
    languages: ["en"],
    embed: async (texts, { signal }) => {
      signal.throwIfAborted();
      return texts.map((text) => embedText(text, table, vocabulary));
    },
    familiarityOf: (word) => familiarityOf(word, table, vocabulary),
  };
}

function embedText(text: string, table: StaticTable, vocabulary: Vocabulary): Float32Array {
  const sum = new Float32Array(table.dimension);
  for (const id of tokenize(text, vocabulary)) addRow(sum, id, table);
  return toUnitLength(sum);
}

function addRow(sum: Float32Array, id: number, { rows, dimension, firstRow }: StaticTable): void {
  if (id < firstRow) return;
  const offset = (id - firstRow) * dimension;
  for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + (rows[offset + i] ?? 0);
}

/** Any letter of another script, which English never borrows. */
const otherScript = /(?!\p{Script=Latin})\p{L}/u;
/** A word of one part, as most are. */
const plainWord = /^[a-z]+$/;

/** By its parts: `don't` is three pieces, of which none is foreign. */
function familiarityOf(word: string, table: StaticTable, vocabulary: Vocabulary): WordFamiliarity {
  const isPlain = plainWord.test(word);
  const parts = isPlain ? [word] : splitWords(word);
  const isForeign = parts.some((part) => foreignWords.has(part)) || (!isPlain && otherScript.test(word));
  if (isForeign) return "foreign";
  return parts.every((part) => (vocabulary.ids.get(part) ?? 0) >= table.firstRow) ? "known" : "unknown";
}
