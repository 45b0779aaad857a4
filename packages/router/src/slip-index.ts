/**
 * The words of a catalogue under each of their slips: two words that share one are a slip apart. It is the larger part of an
 * index, of which there may be thousands, and is asked about every word that nobody knows: so slips are no texts of their
 * own, neither those that are kept nor those that are looked up.
 */
import { hashSeed, mixUnit, TermTable } from "@lmos/primitives";
import type { WordCounts } from "./catalogue-words.ts";

/** Shorter words are one slip away from too many others, longer ones are no words. */
const repairedLengths = { least: 4, most: 40 };
/** Code units of what is looked up, one word at a time. */
const units = new Uint16Array(repairedLengths.most);

/** Whether a word is one that slips are looked for in. */
export function isRepairable({ length }: string): boolean {
  return length >= repairedLengths.least && length <= repairedLengths.most;
}

/** Finds the words that another is a slip away from. */
export class SlipIndex {
  readonly #slips: TermTable = new TermTable();
  readonly #words: readonly string[];
  /** By slip: the place of the commonest word that has it. */
  readonly #commonest: Int32Array;

  constructor(counts: WordCounts) {
    this.#words = [...counts.keys()].filter(isRepairable).sort((a, b) => compareCommonness(a, b, counts));
    const commonest: number[] = [];
    for (const [place, word] of this.#words.entries()) {
      for (const slip of slipsOf(word)) commonest[this.#slips.enter(slip, 0, slip.length)] ??= place;
    }
    this.#commonest = Int32Array.from(commonest);
    this.#slips.trim();
  }

  /** The commonest word that is a slip away; of words that are used as often, the first in the alphabet. */
  nearest(word: string): string | undefined {
    let best = this.#words.length;
    for (let left = -1; left < word.length; left++) best = Math.min(best, this.#placeOf(word, left));
    return this.#words[best];
  }

  /** Of the commonest word that has this slip: the word without the unit at that place, as it is without one before it. */
  #placeOf(word: string, left: number): number {
    let hash = hashSeed;
    let end = 0;
    for (let i = 0; i < word.length; i++) {
      if (i === left) continue;
      const unit = word.charCodeAt(i);
      units[end++] = unit;
      hash = mixUnit(hash, unit);
    }
    return this.#commonest[this.#slips.findUnits(units, 0, end, hash)] ?? this.#words.length;
  }
}

/** Commonest first, so that the order of the texts does not matter. */
function compareCommonness(one: string, other: string, counts: WordCounts): number {
  const difference = (counts.get(other) ?? 0) - (counts.get(one) ?? 0);
  return difference === 0 ? (one < other ? -1 : 1) : difference;
}

/** The word itself, and the word without any one of its letters, which are code units here: hardly a word has others. */
function slipsOf(word: string): readonly string[] {
  return [word, ...Array.from({ length: word.length }, (_, i) => word.slice(0, i) + word.slice(i + 1))];
}
