import type { FakeClock } from "@lmos/testing";

/** Settles like `work`, for which time passes as fast as it can wait: for retries and time-outs. */
export async function passing<T>(clock: FakeClock, work: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver) await clock.advance(100);
  return work;
}
