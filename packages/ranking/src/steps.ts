/**
 * Long work in small pieces. A pure function cannot wait, but it can pause: whoever drives the generator decides
 * whether to go straight on or to let others have a turn first.
 */

/** Pauses every few milliseconds; returns the result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Multiplications between two pauses: some 2 ms. */
const pieceCost = 2_000_000;

/** `items.map(work)` with pauses; `cost` is what one item costs in multiplications, roughly. */
export function* mapInSteps<Item, Result>(
  items: Iterable<Item>,
  cost: number,
  work: (item: Item) => Result,
): Steps<readonly Result[]> {
  const results: Result[] = [];
  let spent = 0;
  for (const item of items) {
    results.push(work(item));
    spent += cost;
    if (spent < pieceCost) continue;
    spent = 0;
    yield;
  }
  return results;
}

/** All of it at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
