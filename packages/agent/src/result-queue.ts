// Results on their way from the turn that makes them to the socket that sends them. One producer, one consumer.
// `push` settles when the result was taken, so that a producer that awaits it goes no faster than its reader.

interface Waiting<T> {
  readonly value: T;
  readonly taken: () => void;
}

/** A queue that ends. It is iterated once. */
export class ResultQueue<T> implements AsyncIterable<T> {
  readonly #waiting: Waiting<T>[] = [];
  #ended = false;
  #wake: () => void = () => undefined;

  /** How many values nobody has taken yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves once the value was taken or the queue has ended. */
  push(value: T): Promise<void> {
    if (this.#ended) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ value, taken: resolve });
    this.#wake();
    return promise;
  }

  /** No more values; those already in are still handed out. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    try {
      for (let next = await this.#next(); next !== undefined; next = await this.#next()) {
        try {
          yield next.value;
        } finally {
          next.taken();
        }
      }
    } finally {
      this.#ended = true;
      for (const left of this.#waiting.splice(0)) left.taken();
    }
  }

  /** Waits for a value; undefined at the end. */
  async #next(): Promise<Waiting<T> | undefined> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#waiting.shift();
  }
}
