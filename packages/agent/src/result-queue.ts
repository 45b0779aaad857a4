// Results on their way from the turn that makes them to the socket that sends them. One producer, one consumer.
// `push` settles when the result was taken, so that a producer that awaits it goes no faster than its reader.

interface Waiting<T> {
  readonly value: T;
  readonly taken: () => void;
}

/** A queue that ends. */
export interface ResultQueue<T> extends AsyncIterable<T> {
  /** Resolves once the value was taken or the queue has ended. */
  push(value: T): Promise<void>;
  /** No more values; those already in are still handed out. */
  end(): void;
}

/** Creates a queue. */
export function createResultQueue<T>(): ResultQueue<T> {
  const waiting: Waiting<T>[] = [];
  let ended = false;
  let wake: () => void = () => undefined;

  async function* consume(): AsyncGenerator<T, void> {
    try {
      while (true) {
        const next = waiting.shift();
        if (next !== undefined) {
          yield next.value;
          next.taken();
        } else if (ended) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      ended = true;
      for (const left of waiting.splice(0)) left.taken();
    }
  }

  return {
    push: (value) => {
      if (ended) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ value, taken: resolve });
      wake();
      return promise;
    },
    end: () => {
      ended = true;
      wake();
    },
    [Symbol.asyncIterator]: consume,
  };
}
