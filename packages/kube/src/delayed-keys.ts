/** Keys that wait for their time: a binary heap by due time that keeps the earliest time of each key. */

interface Waiting {
  readonly key: string;
  readonly dueAtMs: number;
}

/** So many stale entries are left where they are: below that, looking through all of them is not worth it. */
const toleratedStale = 1_024;

/** Keys by due time. */
export class DelayedKeys {
  #heap: Waiting[] = [];
  /** The valid time of each key; entries of the heap that differ from it are stale and skipped. */
  readonly #dueAtMs = new Map<string, number>();

  /** Lets the key wait until then, unless it already waits for an earlier time. */
  add(key: string, dueAtMs: number): void {
    const known = this.#dueAtMs.get(key);
    if (known !== undefined && known <= dueAtMs) return;
    this.#dueAtMs.set(key, dueAtMs);
    this.#push({ key, dueAtMs });
    if (this.#heap.length > 2 * this.#dueAtMs.size + toleratedStale) this.#dropAllStale();
  }

  /** Whether the key waits. */
  has(key: string): boolean {
    return this.#dueAtMs.has(key);
  }

  /** How many entries are held, stale ones among them: about as many as keys wait. */
  get size(): number {
    return this.#heap.length;
  }

  /** When the next key is due; undefined when none waits. */
  nextDueAtMs(): number | undefined {
    this.#dropStale();
    return this.#heap[0]?.dueAtMs;
  }

  /** Takes out the keys that are due, earliest first. */
  takeDue(nowMs: number): readonly string[] {
    const due: string[] = [];
    for (let next = this.nextDueAtMs(); next !== undefined && next <= nowMs; next = this.nextDueAtMs()) {
      const first = this.#pop();
      if (first === undefined) break;
      this.#dueAtMs.delete(first.key);
      due.push(first.key);
    }
    return due;
  }

  #push(waiting: Waiting): void {
    this.#heap.push(waiting);
    this.#siftUp(this.#heap.length - 1);
  }

  /** A key that is taken and delayed again and again leaves an entry behind each time, until that would have been due. */
  #dropAllStale(): void {
    this.#heap = [];
    for (const [key, dueAtMs] of this.#dueAtMs) this.#push({ key, dueAtMs });
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (this.#dueAtMs.get(first.key) === first.dueAtMs) return;
      this.#pop();
    }
  }

  #pop(): Waiting | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (first !== last && last !== undefined) {
      this.#heap[0] = last;
      this.#siftDown(0);
    }
    return first;
  }

  #siftUp(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #siftDown(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const earlier = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(earlier, index)) return;
      this.#swap(index, earlier);
      index = earlier;
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    return a !== undefined && (b === undefined || a.dueAtMs < b.dueAtMs);
  }

  #swap(left: number, right: number): void {
    const [a, b] = [this.#heap[left], this.#heap[right]];
    if (a === undefined || b === undefined) return;
    this.#heap[left] = b;
    this.#heap[right] = a;
  }
}
