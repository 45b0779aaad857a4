import { setTimeout as sleep } from "node:timers/promises";

/** For what takes a second or two but has no figure to keep: a machine may be busy. */
export const patienceMs = 90_000;

/** Milliseconds until `condition` held. Throws when it does not within `timeoutMs`. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    if (await condition()) return performance.now() - startedAt;
    if (performance.now() - startedAt > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}

/** Real time: what these suites measure. */
export async function pause(ms: number): Promise<void> {
  await sleep(ms);
}

/** Repeats `work` until it does not throw: for the test's own requests while a server is away. */
export async function insist<R>(work: () => Promise<R>, timeoutMs = 30_000): Promise<R> {
  const startedAt = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() - startedAt > timeoutMs) throw error;
      await sleep(100);
    }
  }
}
