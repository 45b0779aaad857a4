/**
 * Sources, queue and a reconcile function put together: every key that a source names is reconciled, one key never
 * twice at once, until it succeeds. The reconcile function is level-based: it gets a key and never learns which event
 * brought it there.
 */
import { defaultBreakerPolicy } from "./breaker.ts";
import type { CallOptions } from "./client.ts";
import type { ControllerOptions } from "./controller-options.ts";
import { lagBehind } from "./lag.ts";
import type { Lane } from "./lanes.ts";
import { keyText } from "./object.ts";
import { createQuarantine, type Quarantine } from "./quarantine.ts";
import { resyncPeriodically } from "./resync.ts";
import type { Source } from "./source.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";
import { work } from "./worker.ts";

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
