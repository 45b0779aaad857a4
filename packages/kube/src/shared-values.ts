/**
 * Values that many objects have in common, held once each. One that nobody refers to any longer is forgotten with its text, so
 * that the memory is bounded by what is in use, whatever a server sends.
 */

/** The values by their texts. Equal texts must make equal values, which nobody changes. */
export class SharedValues<V extends object> {
  readonly #values = new Map<string, WeakRef<V>>();
  readonly #unused = new FinalizationRegistry((text: string) => {
    if (this.#values.get(text)?.deref() === undefined) this.#values.delete(text);
  });

  /** How many are remembered; those that became unused lately may be among them. */
  get size(): number {
    return this.#values.size;
  }

  /** The value of that text; made where nobody has it. */
  get(text: string, make: () => V): V {
    const known = this.#values.get(text)?.deref();
    if (known !== undefined) return known;
    const value = make();
    this.#values.set(text, new WeakRef(value));
    this.#unused.register(value, text);
    return value;
  }
}
