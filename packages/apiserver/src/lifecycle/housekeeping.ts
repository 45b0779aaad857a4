/** What is to be done about once a minute, for as long as the server runs. */
import type { Clock } from "@lmos/primitives";

const intervalMs = 60_000;

/** Does the work at once and then each minute, until the signal is aborted. */
export async function eachMinute(
  clock: Clock,
  work: () => void,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    work();
    await clock.sleep(intervalMs, { signal }).catch(() => undefined); // aborted: the loop ends
  }
}
