/**
 * The elements of several streams in the order in which they come. Streams may be added while others run; it ends when
 * no more are added and all have ended.
 */
export async function* mergeStreams<T>(streams: AsyncGenerator<AsyncGenerator<T>>): AsyncGenerator<T> {
  const elements = new Map<AsyncGenerator<T>, Promise<Step<T>>>();
  let added: Promise<Step<T>> | undefined = nextStream(streams);
  try {
    while (added !== undefined || elements.size > 0) {
      const step: Step<T> = await Promise.race([
        ...(added === undefined ? [] : [added]),
        ...elements.values(),
      ]);
      switch (step.kind) {
        case "added":
          elements.set(step.stream, nextElement(step.stream));
          added = nextStream(streams);
          break;
        case "complete":
          added = undefined;
          break;
        case "element":
          elements.set(step.stream, nextElement(step.stream));
          yield step.value;
          break;
        case "ended":
          elements.delete(step.stream);
          break;
        default:
          step satisfies never;
      }
    }
  } finally {
    await Promise.allSettled([streams, ...elements.keys()].map((stream) => stream.return(undefined)));
  }
}

/** What came next of one of the streams, or of the stream of them. */
type Step<T> =
  | { readonly kind: "added"; readonly stream: AsyncGenerator<T> }
  | { readonly kind: "complete" }
  | { readonly kind: "element"; readonly stream: AsyncGenerator<T>; readonly value: T }
  | { readonly kind: "ended"; readonly stream: AsyncGenerator<T> };

async function nextStream<T>(streams: AsyncGenerator<AsyncGenerator<T>>): Promise<Step<T>> {
  const result = await streams.next();
  return result.done === true ? { kind: "complete" } : { kind: "added", stream: result.value };
}

async function nextElement<T>(stream: AsyncGenerator<T>): Promise<Step<T>> {
  const result = await stream.next();
  return result.done === true ? { kind: "ended", stream } : { kind: "element", stream, value: result.value };
}
