/** The words of a text with what the model makes of each. */
import type { EmbeddingModel, WordFamiliarity } from "@lmos/embeddings";
import { wordsOf } from "./words.ts";

/** Both lists are in the order of the text. */
export interface KnownWords {
  readonly words: readonly string[];
  readonly familiarities: readonly WordFamiliarity[];
}

type Familiarity = NonNullable<EmbeddingModel["familiarityOf"]>;

interface LastRead {
  readonly words: readonly string[];
  readonly familiarityOf: Familiarity;
  readonly known: KnownWords;
}

/** One for all indexes of a process: a message is read for its spelling, then for what of it is known. */
let last: LastRead | undefined;

/** Reads a text. What was read last is known. */
export function knownWordsOf(text: string, familiarityOf: Familiarity): KnownWords {
  const words = wordsOf(text);
  if (last?.words === words && last.familiarityOf === familiarityOf) return last.known;
  const known = { words, familiarities: words.map((word) => familiarityOf(word)) };
  last = { words, familiarityOf, known };
  return known;
}
