/**
 * Sources, queue and a reconcile function put together: every key that a source names is reconciled, one key never
 * twice at once, until it succeeds. The reconcile function is level-based: it gets a key and never learns which event
 * brought it there.
 */
import { type Clock, type Logger, type OwnedSignal, type Random, withDeadline } from "@lmos/primitives";
import type { CallOptions } from "./client.ts";
import { isKubeError } from "./errors.ts";
import { keyText, type ObjectKey, parseKeyText } from "./object.ts";
import type { Source } from "./source.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

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
   * for it to stop.
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

const drainMs = 25_000;

/** A controller; nothing happens before its `run`. */
export function createController(options: ControllerOptions): Controller {
  const logger = options.logger.child({ controller: options.name });
  return { run: ({ signal }) => runController({ ...options, logger }, signal) };
}

async function runController(options: ControllerOptions, signal: AbortSignal): Promise<void> {
  using queue = createWorkQueue(options);
  using inFlight = outlasting(signal, options.clock);
  const stops = options.sources.map((source) => source.start((key) => queue.add(keyText(key))));
  try {
    await Promise.all(options.synced.map((store) => store.whenSynced({ signal })));
    options.logger.debug("controller is working", { due: queue.depth });
    const worker = { options, queue, taking: signal, working: inFlight.signal };
    await Promise.all(Array.from({ length: options.concurrency ?? 10 }, () => work(worker)));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    for (const stop of stops) stop();
  }
}

interface Worker {
  readonly options: ControllerOptions;
  readonly queue: WorkQueue;
  /** Aborted when no more keys are to be taken. */
  readonly taking: AbortSignal;
  /** Aborted when the key in flight has to give up. */
  readonly working: AbortSignal;
}

async function work(worker: Worker): Promise<void> {
  const { queue, taking } = worker;
  for (
    let key = await queue.take({ signal: taking });
    key !== undefined;
    key = await queue.take({ signal: taking })
  ) {
    await reconcileOne(worker, key);
    queue.done(key);
  }
}

/** Never throws: what the reconcile function throws is a retry. */
async function reconcileOne({ options, queue, working }: Worker, key: string): Promise<void> {
  const { clock, deadlineMs = 30_000 } = options;
  using deadline = withDeadline(`reconciling ${key}`, deadlineMs, { signal: working, clock });
  try {
    const requeue = await options.reconcile(parseKeyText(key), { signal: deadline.signal });
    queue.forget(key);
    if (requeue.kind === "after") queue.addAfter(key, requeue.ms);
  } catch (error) {
    const retryInMs = queue.retry(key);
    // A conflict only says that someone was faster: the next reconcile sees the newer object.
    const level = isKubeError(error, "Conflict") ? "debug" : "warn";
    options.logger[level]("reconcile failed, trying again", { key, retryInMs, error });
  }
}

/** A signal that is aborted {@link drainMs} after its parent, unless it is disposed before. */
function outlasting(parent: AbortSignal, clock: Clock): OwnedSignal {
  const over = new AbortController();
  const disposed = new AbortController();
  const onAbort = (): void => {
    clock.sleep(drainMs, { signal: disposed.signal }).then(
      () => over.abort(parent.reason),
      () => undefined, // all work was finished in time
    );
  };
  parent.addEventListener("abort", onAbort, { once: true });
  return {
    signal: over.signal,
    [Symbol.dispose]: () => {
      parent.removeEventListener("abort", onAbort);
      disposed.abort();
    },
  };
}
