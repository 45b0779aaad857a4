import type { EmbeddingModel } from "../model.ts";
import { toUnitLength } from "../unit-length.ts";
import { createFamiliarity } from "./familiarity.ts";
import { countRows, type PackedRows } from "./packed-rows.ts";
import { RowSums } from "./row-sums.ts";
import { TextRows } from "./text-rows.ts";
import type { Vocabulary } from "./wordpiece.ts";

/**
 * A static embedding: every word piece has one row of int8 numbers, a text is the sum of its rows brought to length 1.
 * No network, no matrix product: a few microseconds a text.
 */
export interface StaticTable extends PackedRows {
  /** Id of the piece that the first row belongs to; pieces before it (markers, unknown) carry no meaning. */
  readonly firstRow: number;
}

/** The English model over a table and its vocabulary. */
export function createStaticModel(id: string, table: StaticTable, vocabulary: Vocabulary): EmbeddingModel {
  const { dimension, firstRow } = table;
  const weights = weighByRarity(countRows(table));
  const sums = new RowSums(table);
  const rows = new TextRows(vocabulary, firstRow);
  return {
    id,
    dimension,
    languages: ["en"],
    embed: (texts, { signal, purpose, into = [] }) => {
      if (signal.aborted) return Promise.reject(signal.reason);
      return texts.map((text, i) => {
        const target = into[i] ?? new Float32Array(dimension);
        return toUnitLength(sums.write(target, rows.find(text), purpose === "query" ? weights : undefined));
      });
    },
    familiarityOf: createFamiliarity(firstRow, vocabulary),
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
function weighByRarity(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, row) => ((row + leastRank) / count) ** rarityExponent);
}
