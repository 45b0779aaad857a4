/** Resolves when everybody else who waits has had a turn: between pieces of long work, so that it blocks nobody. */
export function nextTurn(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  return promise;
}
