import type { Clock, Random } from "@lmos/primitives";

const everyMs = 10 * 60 * 60_000;
const jitter = 0.1;

/**
 * Calls `resync` every ten hours, give or take: watches are trusted, but not for ever. Resolves when aborted; chance
 * keeps the replicas of a controller from doing it all at once.
 */
export async function resyncPeriodically(
  resync: () => void,
  { clock, random, signal }: { readonly clock: Clock; readonly random: Random; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(everyMs * (1 - jitter * random.next()), { signal }).catch(() => undefined);
    if (!signal.aborted) resync();
  }
}
