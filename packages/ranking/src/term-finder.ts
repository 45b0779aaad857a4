/**
 * Which terms of a catalogue a text holds: what {@link visitWordTerms} and {@link visitPieces} name, looked up. It runs for
 * every message, so a term that begins like another goes on with that one's hash, and arrays are used again.
 */
import { hashSeed, mixUnit, type TermTable } from "@lmos/primitives";
import { longestPiece, piecesPerUnit, shortestPiece, wordsOf } from "./terms.ts";
import type { WordPieces } from "./word-pieces.ts";

/** Numbers of all terms: the words and pairs first, then the pieces. A table with a term has every shorter one in it. */
export interface TermTables {
  readonly words: TermTable;
  readonly pieces: TermTable;
  /** The pieces of the words; a word that is not among them is cut anew. */
  readonly wordPieces: WordPieces;
}

/** Numbers of a text's terms in their tables, as often as they occur. */
export interface NumberedTerms {
  readonly words: Int32Array;
  readonly pieces: Int32Array;
}

const space = 0x20;
const initialUnits = 256;
const otherUnit = 0;
const asciiUnits = 128;
/** What each code unit of ASCII is in a word: itself in lower case, or a space where it is of none. */
const wordUnits = Uint8Array.from({ length: asciiUnits }, (_, unit) => {
  const lower = String.fromCharCode(unit).toLowerCase();
  return wordsOf(lower).length === 1 ? lower.charCodeAt(0) : space;
});

/** Looks texts up, one after the other. */
export class TermFinder {
  /** Code units of the words in lower case, with one space before and after each. */
  #units: Uint16Array = new Uint16Array(initialUnits);
  #words: Int32Array = new Int32Array(initialUnits);
  #pieces: Int32Array = new Int32Array(initialUnits * piecesPerUnit);
  #wordCount = 0;
  #pieceCount = 0;
  /** The word before, where the table knows it. */
  #before: FoundWord | undefined;

  /** The terms that the tables know; until the next call, which uses their arrays again. */
  find(text: string, tables: TermTables): NumberedTerms {
    if (!this.#findPlain(text, tables)) this.#findAll(text.toLowerCase(), tables);
    return {
      words: this.#words.subarray(0, this.#wordCount),
      pieces: this.#pieces.subarray(0, this.#pieceCount),
    };
  }

  /** The units of that many characters, and none found yet. */
  #begin(length: number): Uint16Array {
    this.#reserve(length + 2);
    this.#wordCount = 0;
    this.#pieceCount = 0;
    this.#before = undefined;
    this.#units[0] = space;
    return this.#units;
  }

  #reserve(units: number): void {
    if (units <= this.#units.length) return;
    this.#units = new Uint16Array(units);
    this.#words = new Int32Array(units);
    this.#pieces = new Int32Array(units * piecesPerUnit);
  }

  /** Most texts are ASCII: then no text for each word is made. False for others. */
  #findPlain(text: string, tables: TermTables): boolean {
    const units = this.#begin(text.length);
    let start = 1;
    let end = start;
    for (let i = 0; i < text.length; i++) {
      const unit = wordUnits[text.charCodeAt(i)] ?? otherUnit;
      if (unit === otherUnit) return false;
      if (unit !== space) units[end++] = unit;
      else if (end > start) start = end = this.#findTerms(start, end, tables);
    }
    if (end > start) this.#findTerms(start, end, tables);
    return true;
  }

  #findAll(lower: string, tables: TermTables): void {
    const units = this.#begin(lower.length);
    let start = 1;
    for (const word of wordsOf(lower)) {
      const end = start + word.length;
      for (let i = start; i < end; i++) units[i] = word.charCodeAt(i - start);
      start = this.#findTerms(start, end, tables);
    }
  }

  /** Those of one word; where the next one starts. */
  #findTerms(start: number, end: number, { words, pieces, wordPieces }: TermTables): number {
    this.#units[end] = space;
    const word = this.#findWord(start, end, words);
    this.#before = word;
    const before = this.#pieceCount;
    if (word !== undefined) this.#pieceCount = wordPieces.write(word.number, this.#pieces, before);
    if (this.#pieceCount === before) this.#findPieces(start - 1, end + 1, pieces);
    return end + 1;
  }

  /** The word, and its pair with the one before, which is known only where both are. */
  #findWord(start: number, end: number, table: TermTable): FoundWord | undefined {
    const units = this.#units;
    const before = this.#before;
    const hash = mixUnits(hashSeed, units, start, end);
    const number = table.findUnits(units, start, end, hash);
    if (number < 0) return undefined;
    this.#words[this.#wordCount++] = number;
    if (before !== undefined) {
      const pairHash = mixUnits(before.hash, units, start - 1, end);
      const pair = table.findUnits(units, before.start, end, pairHash);
      if (pair >= 0) this.#words[this.#wordCount++] = pair;
    }
    return { number, start, hash };
  }

  /** A piece that no example holds is the beginning of none that one does. */
  #findPieces(start: number, end: number, table: TermTable): void {
    const units = this.#units;
    for (let first = start; first + shortestPiece <= end; first++) {
      let hash = mixUnits(hashSeed, units, first, first + shortestPiece - 1);
      const last = Math.min(end, first + longestPiece);
      for (let at = first + shortestPiece; at <= last; at++) {
        hash = mixUnit(hash, units[at - 1] ?? 0);
        const number = table.findUnits(units, first, at, hash);
        if (number < 0) break;
        this.#pieces[this.#pieceCount++] = number;
      }
    }
  }
}

/** A word that the table knows. */
interface FoundWord {
  readonly number: number;
  readonly start: number;
  readonly hash: number;
}

function mixUnits(hash: number, units: Uint16Array, start: number, end: number): number {
  let mixed = hash;
  for (let i = start; i < end; i++) mixed = mixUnit(mixed, units[i] ?? 0);
  return mixed;
}
