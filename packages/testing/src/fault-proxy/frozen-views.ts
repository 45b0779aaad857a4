/** Collections that stand still: lists answer what was recorded, watches say nothing. */

/** Frozen collections by path, such as `/api/v1/namespaces/a/configmaps`. */
export class FrozenViews {
  readonly #lists = new Map<string, Uint8Array>();
  #thawed = Promise.withResolvers<void>();

  /** Lists of that path answer `list` (a JSON text) from now on. */
  freeze(path: string, list: Uint8Array): void {
    this.#lists.set(path, list);
  }

  /** The recorded list; undefined where the collection is not frozen. */
  listOf(path: string): Uint8Array | undefined {
    return this.#lists.get(path);
  }

  /** Resolves at the next {@link FrozenViews.thaw}. */
  get whenThawed(): Promise<void> {
    return this.#thawed.promise;
  }

  /** Ends it for every collection; tells which they were. */
  thaw(): readonly string[] {
    const paths = [...this.#lists.keys()];
    this.#lists.clear();
    this.#thawed.resolve();
    this.#thawed = Promise.withResolvers<void>();
    return paths;
  }
}
