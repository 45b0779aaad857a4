/**
 * Sources, queue and a reconcile function put together: every key that a source names is reconciled, one key never
 * twice at once, until it succeeds. The reconcile function is level-based: it gets a key and never learns which event
 * brought it there.
 */
import type { Clock, Logger, Random } from "@lmos/primitives";
import type { Tracer } from "@opentelemetry/api";
import { type BreakerPolicy, defaultBreakerPolicy } from "./breaker.ts";
import type { CallOptions } from "./client.ts";
import { lagBehind } from "./lag.ts";
import type { Lane } from "./lanes.ts";
import type { KubeMetrics } from "./metrics.ts";
import { keyText, type ObjectKey } from "./object.ts";
import { createQuarantine, type Quarantine, type QuarantineChange } from "./quarantine.ts";
import { resyncPeriodically } from "./resync.ts";
import type { Source } from "./source.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";
import { work } from "./worker.ts";

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
   * back-off. It must give up when the signal is aborted: after `deadlineMs`, or when the controller can't wait longer
   * for it to stop. One that goes on is left behind: its key is quarantined and not reconciled before it has ended.
   */
  reconcile(key: ObjectKey, options: CallOptions): Promise<Requeue>;
  /** Keys reconciled at the same time; 10 unless given. One key never runs twice at once. */
  readonly concurrency?: number | undefined;
  /** Milliseconds that one reconcile may take; 30,000 unless given. */
  readonly deadlineMs?: number | undefined;
  /** When a single key is quarantined; {@link defaultBreakerPolicy} unless given. */
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

/** Reconciles keys for as long as `run` runs. */
export interface Controller {
  /** Runs until aborted; then takes no more keys, lets those in flight finish (25 s at most) and resolves. */
  run(options: CallOptions): Promise<void>;
}

const drainMs = 25_000;

/** A controller; nothing happens before its `run`. */
export function createController(options: ControllerOptions): Controller {
  const logger = options.logger.child({ controller: options.name });
  return { run: ({ signal }) => runController({ ...options, logger }, signal) };
}

async function runController(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  const { clock, metrics, name, breaker = defaultBreakerPolicy } = options;
  using queue = createWorkQueue({ ...options, metrics: metrics?.queue(name) });
  using inFlight = lagBehind(signal, drainMs, clock);
  const quarantine = createQuarantine({ ...options, policy: breaker });
  const feed = startSources(options.sources, queue, quarantine);
  try {
    await Promise.all(options.synced.map((store) => store.whenSynced({ signal })));
    feed.allListed();
    options.logger.debug("controller is working", { due: queue.depth });
    let reconciles = 0;
    const nextId = (): string => `${name}-${++reconciles}`;
    const worker = { options, queue, quarantine, taking: signal, working: inFlight.signal, nextId };
    const workers = Array.from({ length: options.concurrency ?? 10 }, () => work(worker));
    await Promise.all([...workers, resyncPeriodically(feed.resync, { ...options, signal })]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    feed.stop();
  }
}

/** The running sources of a controller. */
interface Feed {
  /** The stores have synced: what comes from now on are changes. */
  allListed(): void;
  /** Everything that is there is due once more. */
  resync(): void;
  stop(): void;
}

function startSources(sources: readonly Source[], queue: WorkQueue, quarantine: Quarantine): Feed {
  let listing = true;
  const stops = sources.map((source) =>
    source.start((key, { lane = "dependant", gone = false } = {}) => {
      const text = keyText(key);
      if (gone) quarantine.release(text);
      const urgency: Lane = listing ? "resync" : lane;
      queue.add(text, urgency);
    }),
  );
  return {
    allListed: () => {
      listing = false;
    },
    resync: () => {
      for (const key of sources.flatMap((source) => source.keys?.() ?? [])) queue.add(keyText(key), "resync");
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
