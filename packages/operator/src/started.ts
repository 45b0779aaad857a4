/** When the start of an operator is over: everything is mirrored, and has been looked at once. */
import type { CallOptions } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";

/** How long the first turns of all objects take at the scale that is promised. */
const firstTurnsMs = 10_000;

/** Resolves ten seconds after the last of these stores has synced; rejects with the signal's reason once that is aborted. */
export async function whenStarted(
  stores: readonly { whenSynced(options: CallOptions): Promise<void> }[],
  { clock, signal }: CallOptions & { readonly clock: Clock },
): Promise<void> {
  await Promise.all(stores.map((store) => store.whenSynced({ signal })));
  await clock.sleep(firstTurnsMs, { signal });
}
