import type { Clock, Logger, Random } from "@lmos/primitives";
import type { CallOptions, KubeClient } from "./client.ts";
import type { KubeMetrics } from "./metrics.ts";

/** What an election is about and who stands for it. */
export interface LeaderOptions {
  readonly client: Pick<KubeClient, "get" | "create" | "replace">;
  readonly lease: { readonly namespace: string; readonly name: string };
  /** Names this process and no other, past or present: a pod's name with a random part. */
  readonly identity: string;
  /**
   * Reads the highest term that is in use in what leaders write. Terms go on above it, so that a lease which was
   * deleted and made again locks nobody out. Without it terms only grow with the lease.
   */
  readonly highestTerm?: ((options: CallOptions) => Promise<number>) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics?: KubeMetrics | undefined;
  readonly signal: AbortSignal;
}
