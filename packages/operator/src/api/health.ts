/** Whether the operator lives and whether it can answer, from what is seen inside it. */
import type { Stores } from "../stores.ts";

/** What health is judged by. */
export interface Vitals {
  readonly stores: Stores;
  /** Milliseconds since each mirrored resource was last heard of. */
  readonly silences: readonly (() => number)[];
  /** Milliseconds that the event loop is late, at the 99th percentile of the last minute. */
  readonly eventLoopLagMs: () => number;
  readonly isStopping: () => boolean;
}

/** The state of a process, with the reasons where it is not good. */
export interface Health {
  readonly isGood: boolean;
  readonly faults: readonly string[];
}

/** A watch that was silent for so long is dead, and has not been mended by what mends it. */
const deadWatchMs = 5 * 60_000;
/** An event loop that is so late answers nobody in time. */
const worstLagMs = 5_000;

/**
 * Alive unless a restart could help: the event loop is stuck, or a watch that once worked is dead. Caches that never
 * filled are no reason to die: an API server that is away comes back, and a missing right stays missing.
 */
export function livenessOf({ stores, silences, eventLoopLagMs }: Vitals): Health {
  const lagMs = eventLoopLagMs();
  const silentMs = Math.max(0, ...silences.map((silent) => silent()));
  return healthOf([
    ...(lagMs > worstLagMs ? [`the event loop is ${Math.round(lagMs)} ms late`] : []),
    ...(isSynced(stores) && silentMs > deadWatchMs
      ? [`a watch was silent for ${Math.round(silentMs / 1_000)} s`]
      : []),
  ]);
}

/** Ready when the caches are filled and it is not stopping: a standby answers as well as the leader. */
export function readinessOf({ stores, isStopping }: Vitals): Health {
  const missing = Object.entries(stores).filter(([, { synced }]) => !synced);
  return healthOf([
    ...(isStopping() ? ["the process is stopping"] : []),
    ...missing.map(([name]) => `${name} are not mirrored yet`),
  ]);
}

function healthOf(faults: readonly string[]): Health {
  return { isGood: faults.length === 0, faults };
}

function isSynced(stores: Stores): boolean {
  return Object.values(stores).every(({ synced }: { readonly synced: boolean }) => synced);
}
