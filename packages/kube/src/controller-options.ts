import type { Clock, Logger, Random } from "@lmos/primitives";
import type { Tracer } from "@opentelemetry/api";
import type { BreakerPolicy } from "./breaker.ts";
import type { CallOptions } from "./client.ts";
import type { KubeMetrics } from "./metrics.ts";
import type { ObjectKey } from "./object.ts";
import type { QuarantineChange } from "./quarantine.ts";
import type { Requeue } from "./requeue.ts";
import type { Source } from "./source.ts";

/** What a controller is made of. */
export interface ControllerOptions {
  readonly name: string;
  readonly sources: readonly Source[];
  /** Stores that must have synced before the first key is reconciled. */
  readonly synced: readonly { whenSynced(options: CallOptions): Promise<void> }[];
  /**
   * Brings the world in line with the object of that key, which may be gone. A throw is logged and retried with
   * back-off. It must give up when the signal is aborted: after `deadlineMs`, or when the controller can't wait longer
   * for it to stop. One that goes on is left behind: its key is quarantined and not reconciled before it has ended.
   */
  reconcile(key: ObjectKey, options: CallOptions): Promise<Requeue>;
  /** Keys reconciled at the same time; 10 unless given. One key never runs twice at once. */
  readonly concurrency?: number | undefined;
  /** Milliseconds that one reconcile may take; 30,000 unless given. */
  readonly deadlineMs?: number | undefined;
  /** When a single key is quarantined; `defaultBreakerPolicy` unless given. */
  readonly breaker?: BreakerPolicy | undefined;
  /** Called when a key is quarantined and when it no longer is, for a condition of its object. It must not throw. */
  readonly onQuarantine?: ((change: QuarantineChange) => void) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics?: KubeMetrics | undefined;
  /** Makes one span for each reconcile. */
  readonly tracer?: Tracer | undefined;
}
