/**
 * Cuts texts into the pieces of a vocabulary, one text after the other. It runs for every message, so that plain text is read
 * by its code units, without a text for each word or for each piece that is tried, and arrays are used again.
 */
import { hashSeed, mixUnit } from "@lmos/primitives";
import { splitWords, type Vocabulary } from "./wordpiece.ts";

/** Words longer than this are unknown as a whole, as in the reference tokenizer. */
const maxWordCharacters = 100;
const initialUnits = 256;
const hashSign = 0x23;
/** A word begins here: before it there is room for the mark of a piece that continues one. */
const wordStart = 2;
const continuationSeed = mixUnit(mixUnit(hashSeed, hashSign), hashSign);

/** The pieces of a text. */
export interface FoundPieces {
  /** In order, without markers at either end; those beyond {@link count} are of other texts. */
  readonly ids: Int32Array;
  readonly count: number;
}

/** Most texts are plain ASCII, which needs no Unicode tables. */
const asciiUnits = 128;
const [otherKind, spaceKind, markKind, letterKind] = [0, 1, 2, 3];
/** Of every code unit of plain text. */
const kinds = Uint8Array.from({ length: asciiUnits }, (_, unit) => kindOf(String.fromCharCode(unit)));
const lowerCase = Uint8Array.from({ length: asciiUnits }, (_, unit) =>
  String.fromCharCode(unit).toLowerCase().charCodeAt(0),
);

function kindOf(character: string): number {
  if (/[\t\n\r ]/.test(character)) return spaceKind;
  if (/[!-/:-@[-`{-~]/.test(character)) return markKind;
  return /[!-~]/.test(character) ? letterKind : otherKind;
}

/** Looks texts up in one vocabulary. */
export class PieceFinder {
  readonly #vocabulary: Vocabulary;
  /** Code units of one word, in lower case. */
  #units: Uint16Array = new Uint16Array(initialUnits);
  /** Of the beginnings of what is looked up, shortest first. */
  readonly #hashes: Int32Array;
  #ids: Int32Array = new Int32Array(initialUnits);
  #count = 0;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#hashes = new Int32Array(vocabulary.longestPiece);
  }

  /** The pieces; until the next call, which uses their array again. */
  find(text: string): FoundPieces {
    this.#count = 0;
    if (!this.#findPlain(text)) {
      this.#count = 0;
      for (const word of splitWords(text)) this.#findWord(word);
    }
    return { ids: this.#ids, count: this.#count };
  }

  /** False for a text that is not plain. */
  #findPlain(text: string): boolean {
    const units = this.#unitsFor(text);
    let end = wordStart;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const kind = kinds[unit] ?? otherKind;
      if (kind === otherKind) return false;
      if (kind === letterKind) {
        units[end++] = lowerCase[unit] ?? 0;
        continue;
      }
      end = this.#endWord(end);
      if (kind === markKind) this.#findMark(unit);
    }
    this.#endWord(end);
    return true;
  }

  /** Cuts the word that ends there, if there is one; where the next one ends so far. */
  #endWord(end: number): number {
    if (end > wordStart) this.#cut(end);
    return wordStart;
  }

  #unitsFor({ length }: string): Uint16Array {
    if (wordStart + length > this.#units.length) this.#units = new Uint16Array(wordStart + length);
    return this.#units;
  }

  #findMark(unit: number): void {
    this.#units[wordStart] = unit;
    this.#cut(wordStart + 1);
  }

  #findWord(word: string): void {
    const units = this.#unitsFor(word);
    for (let i = 0; i < word.length; i++) units[wordStart + i] = word.charCodeAt(i);
    // A character may be two code units.
    const { length } = word.length > maxWordCharacters ? [...word] : word;
    this.#cut(wordStart + word.length, length);
  }

  /** Appends the pieces of the word that ends there; one that cannot be cut into known pieces is one unknown. */
  #cut(end: number, characters = end - wordStart): void {
    const before = this.#count;
    this.#reserve(before + end - wordStart);
    let start = characters > maxWordCharacters ? -1 : wordStart;
    while (start >= 0 && start < end) start = this.#appendLongest(start, end);
    if (start >= 0) return;
    this.#count = before;
    this.#append(this.#vocabulary.unknownId);
  }

  #reserve(count: number): void {
    if (count <= this.#ids.length) return;
    const ids = new Int32Array(2 * count);
    ids.set(this.#ids);
    this.#ids = ids;
  }

  #append(id: number): void {
    this.#ids[this.#count++] = id;
  }

  /** Appends the longest piece that the word has at `start`; where it ends, -1 where there is none. */
  #appendLongest(start: number, end: number): number {
    const { pieces, longestPiece } = this.#vocabulary;
    const last = Math.min(end, start + longestPiece);
    this.#hashBeginnings(start, last);
    // What comes before it in the word is cut already, and gives its place to the mark.
    const first = start === wordStart ? start : start - 2;
    for (let at = last; at > start; at--) {
      const id = pieces.findUnits(this.#units, first, at, this.#hashes[at - start - 1] ?? 0);
      if (id < 0) continue;
      this.#append(id);
      return at;
    }
    return -1;
  }

  #hashBeginnings(start: number, last: number): void {
    const units = this.#units;
    let hash = hashSeed;
    if (start > wordStart) {
      units[start - 1] = hashSign;
      units[start - 2] = hashSign;
      hash = continuationSeed;
    }
    for (let at = start; at < last; at++) {
      hash = mixUnit(hash, units[at] ?? 0);
      this.#hashes[at - start] = hash;
    }
  }
}
