/**
 * Numbers for terms, in the order in which they came first. A term is given as a part of a longer text, so that looking one
 * up makes no text of its own: that happens a few hundred times a message. All terms lie in one array, found by open
 * addressing, in a fraction of the memory that a map of texts takes: a look-up in a large one touches three places in it,
 * where a map follows a chain of texts.
 */

const initialTerms = 64;
const initialUnits = 512;

/** A table that grows. */
export class TermTable {
  /** Code units of all terms, one term after the other. */
  #units: Uint16Array = new Uint16Array(initialUnits);
  /** Where every term begins in {@link #units}; the last one ends where the next will begin. */
  #starts: Int32Array = new Int32Array(initialTerms + 1);
  /** Number of a term plus one, at a place that follows from its code units; 0 where a place is free. Half of them are. */
  #slots: Int32Array = new Int32Array(2 * initialTerms);
  #size = 0;

  /** How many terms have a number. */
  get size(): number {
    return this.#size;
  }

  /** Another table with the same terms and numbers. */
  copy(): TermTable {
    const copy = new TermTable();
    copy.#units = this.#units.slice();
    copy.#starts = this.#starts.slice();
    copy.#slots = this.#slots.slice();
    copy.#size = this.#size;
    return copy;
  }

  /** Gives memory back that only further terms would need. */
  trim(): void {
    this.#units = this.#units.slice(0, this.#starts[this.#size] ?? 0);
    this.#starts = this.#starts.slice(0, this.#size + 1);
  }

  /** The number of a text; -1 for one that is not here. */
  find(text: string): number {
    return (this.#slots[this.#slotOf(text, 0, text.length)] ?? 0) - 1;
  }

  /** The number of a term given by its code units and their hash ({@link mixUnit}); -1 for one that is not here. */
  findUnits(units: Uint16Array, start: number, end: number, hash: number): number {
    const last = this.#slots.length - 1;
    for (let slot = placed(hash) & last; ; slot = (slot + 1) & last) {
      const term = (this.#slots[slot] ?? 0) - 1;
      if (term < 0 || this.#holdsUnits(term, units, start, end)) return term;
    }
  }

  /** The number of the term that the text holds from `start` to before `end`; a new one gets the next number. */
  enter(text: string, start: number, end: number): number {
    const slot = this.#slotOf(text, start, end);
    const entry = this.#slots[slot] ?? 0;
    if (entry !== 0) return entry - 1;
    this.#append(text, start, end);
    this.#slots[slot] = this.#size;
    if (2 * this.#size >= this.#slots.length) this.#spread();
    return this.#size - 1;
  }

  /** Where the term is, or where it would go. */
  #slotOf(text: string, start: number, end: number): number {
    const last = this.#slots.length - 1;
    let hash = hashSeed;
    for (let i = start; i < end; i++) hash = mixUnit(hash, text.charCodeAt(i));
    for (let slot = placed(hash) & last; ; slot = (slot + 1) & last) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0 || this.#holds(entry - 1, text, start, end)) return slot;
    }
  }

  #holds(term: number, text: string, start: number, end: number): boolean {
    const first = this.#starts[term] ?? 0;
    if ((this.#starts[term + 1] ?? 0) - first !== end - start) return false;
    for (let i = start; i < end; i++) {
      if (this.#units[first + i - start] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #holdsUnits(term: number, units: Uint16Array, start: number, end: number): boolean {
    const first = this.#starts[term] ?? 0;
    if ((this.#starts[term + 1] ?? 0) - first !== end - start) return false;
    for (let i = start; i < end; i++) if (this.#units[first + i - start] !== units[i]) return false;
    return true;
  }

  #append(text: string, start: number, end: number): void {
    const first = this.#starts[this.#size] ?? 0;
    const next = first + end - start;
    this.#size += 1;
    if (next > this.#units.length) this.#units = grown(Uint16Array, this.#units, next);
    if (this.#size >= this.#starts.length) this.#starts = grown(Int32Array, this.#starts, this.#size + 1);
    for (let i = start; i < end; i++) this.#units[first + i - start] = text.charCodeAt(i);
    this.#starts[this.#size] = next;
  }

  /** Twice as many places, and every term at its new one. */
  #spread(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const last = slots.length - 1;
    for (let term = 0; term < this.#size; term++) {
      let hash = hashSeed;
      const end = this.#starts[term + 1] ?? 0;
      for (let i = this.#starts[term] ?? 0; i < end; i++) hash = mixUnit(hash, this.#units[i] ?? 0);
      let slot = placed(hash) & last;
      while (slots[slot] !== 0) slot = (slot + 1) & last;
      slots[slot] = term + 1;
    }
    this.#slots = slots;
  }
}

/** FNV-1a over code units: the hash of no unit at all. */
export const hashSeed = 0x811c9dc5;

/** The hash of units and one more. */
export function mixUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Lets the upper half of the bits count in the lower half, which is what a place is taken from. */
function placed(hash: number): number {
  return hash ^ (hash >>> 15);
}

function grown<T extends Uint16Array | Int32Array>(
  type: new (length: number) => T,
  array: T,
  least: number,
): T {
  const larger = new type(Math.max(least, 2 * array.length));
  larger.set(array);
  return larger;
}
