/**
 * A list without a single routing, from an API server that had some a moment ago, is likelier an accident (a store that
 * was emptied, a proxy that answers for it) than the truth: deletions come as events. It is refused for a while; after
 * that it is believed.
 */
import { type KubeClient, KubeError } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";

type Reads = Pick<KubeClient, "list" | "watch">;

/** Milliseconds for which an empty list is not believed. */
export const disbeliefMs = 300_000;

/** What is held against a list. */
export interface EmptyListOptions {
  readonly clock: Clock;
  /** True while there is something to lose. */
  readonly holdsAny: () => boolean;
  readonly onRefused: () => void;
}

/** The client with its empty lists refused, as a failure that is tried again. */
export function refuseEmptyLists(client: Reads, { clock, holdsAny, onRefused }: EmptyListOptions): Reads {
  let refusingSinceMs: number | undefined;
  return {
    watch: (type, options) => client.watch(type, options),
    list: async (type, options) => {
      const page = await client.list(type, options);
      const isEmpty = page.items.length + page.invalid.length === 0 && page.continueToken === undefined;
      if (!isEmpty || options.continueToken !== undefined || !holdsAny()) {
        refusingSinceMs = undefined;
        return page;
      }
      refusingSinceMs ??= clock.monotonic();
      if (clock.monotonic() - refusingSinceMs >= disbeliefMs) return page;
      onRefused();
      throw new KubeError("ServerError", `a list without any ${type.plural} where there were some`);
    },
  };
}
