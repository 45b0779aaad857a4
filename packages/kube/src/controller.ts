import type { Clock, Logger, Random } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import { KubeError } from "./errors.ts";
import type { ObjectKey } from "./object.ts";
import type { Source } from "./source.ts";

/** When a key that was reconciled without an error is due again. */
export type Requeue = { readonly kind: "onChange" } | { readonly kind: "after"; readonly ms: number };

/** Due again when a source names it. */
export const requeueOnChange: Requeue = { kind: "onChange" };

/** Due again after `ms` milliseconds, or earlier when a source names it. */
export function requeueAfter(ms: number): Requeue {
  return { kind: "after", ms };
}

/** What a controller is made of. */
export interface ControllerOptions {
  readonly name: string;
  readonly sources: readonly Source[];
  /** Stores that must have synced before the first key is reconciled. */
  readonly synced: readonly { whenSynced(options: CallOptions): Promise<void> }[];
  /**
   * Brings the world in line with the object of that key, which may be gone. A throw is logged and retried with
   * back-off. It must give up when the signal is aborted: after `deadlineMs`, or when the controller has to stop.
   */
  reconcile(key: ObjectKey, options: CallOptions): Promise<Requeue>;
  /** Keys reconciled at the same time; 10 unless given. One key never runs twice at once. */
  readonly concurrency?: number | undefined;
  /** Milliseconds that one reconcile may take; 30,000 unless given. */
  readonly deadlineMs?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Reconciles keys for as long as `run` runs. */
export interface Controller {
  /** Runs until aborted; then takes no more keys, lets those in flight finish (25 s at most) and resolves. */
  run(options: CallOptions): Promise<void>;
}

/** A controller; nothing happens before its `run`. */
export function createController(options: ControllerOptions): Controller {
  throw new KubeError("InvalidConfiguration", `not built yet ${options.name}`);
}
