import type { EmbeddingModel } from "../model.ts";
import { toUnitLength } from "../unit-length.ts";
import { createFamiliarity } from "./familiarity.ts";
import { packRows, sumRows, sumWeighedRows } from "./packed-rows.ts";
import { tokenize, type Vocabulary } from "./wordpiece.ts";

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
  const { dimension, firstRow } = table;
  const packed = packRows(table.rows, dimension);
  const queryWeights = weighByRarity(table);
  const rowsOf = rememberLast((text) => findRows(text, firstRow, vocabulary));
  return {
    id,
    dimension,
    languages: ["en"],
    embed: async (texts, { signal, purpose }) => {
      signal.throwIfAborted();
      const sum =
        purpose === "query"
          ? (rows: readonly number[]) => sumWeighedRows(packed, rows, queryWeights)
          : (rows: readonly number[]) => sumRows(packed, rows);
      return texts.map((text) => toUnitLength(sum(rowsOf(text))));
    },
    familiarityOf: createFamiliarity(firstRow, vocabulary),
  };
}

/** The rows of a text's pieces, but for those that carry no meaning. */
function findRows(text: string, firstRow: number, vocabulary: Vocabulary): readonly number[] {
  const rows: number[] = [];
  for (const id of tokenize(text, vocabulary)) if (id >= firstRow) rows.push(id - firstRow);
  return rows;
}

/** A message is often read as a text and as a query, one right after the other: it is cut into pieces once. */
function rememberLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly read: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, read: read(text) };
    return last.read;
  };
}

/** How much less common pieces count than rare ones in a query; chosen on dialogues: bench/router/README.md. */
const rarityExponent = 0.2;
/** The commonest piece counts like the one that many places behind it. */
const leastRank = 10;

/**
 * What users say around what they want are common words. BERT's pieces are in the order of how common they are, so that
 * a piece's place tells its rarity.
 */
function weighByRarity({ rows, dimension }: StaticTable): Float32Array {
  const count = rows.length / dimension;
  return Float32Array.from({ length: count }, (_, row) => ((row + leastRank) / count) ** rarityExponent);
}
