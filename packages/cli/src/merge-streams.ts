/** The elements of several streams in the order in which they come; ends when all have ended. */
export async function* mergeStreams<T>(streams: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const pending = new Map(streams.map((stream) => [stream, takeNext(stream)] as const));
  try {
    while (pending.size > 0) {
      const { stream, result } = await Promise.race(pending.values());
      if (result.done === true) {
        pending.delete(stream);
        continue;
      }
      pending.set(stream, takeNext(stream));
      yield result.value;
    }
  } finally {
    await Promise.allSettled([...pending.keys()].map((stream) => stream.return(undefined)));
  }
}

async function takeNext<T>(
  stream: AsyncGenerator<T>,
): Promise<{ readonly stream: AsyncGenerator<T>; readonly result: IteratorResult<T> }> {
  return { stream, result: await stream.next() };
}
