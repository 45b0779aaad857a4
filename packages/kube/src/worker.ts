/** One of a controller's workers: takes a key, reconciles it, takes the next. */
import { abortable, type OwnedSignal, withDeadline } from "@lmos/primitives";
import type { ControllerOptions } from "./controller-options.ts";
import { isKubeError } from "./errors.ts";
import { lagBehind } from "./lag.ts";
import type { ReconcileResult } from "./metrics.ts";
import { parseKeyText } from "./object.ts";
import { askedWaitMs, isOutage } from "./outage.ts";
import type { Quarantine } from "./quarantine.ts";
import { inSpan } from "./tracing.ts";
import type { WorkQueue } from "./work-queue.ts";

/** What the workers of a controller share. */
export interface Worker {
  readonly options: ControllerOptions;
  readonly queue: WorkQueue;
  readonly quarantine: Quarantine;
  /** Aborted when no more keys are to be taken. */
  readonly taking: AbortSignal;
  /** Aborted when the key in flight has to give up. */
  readonly working: AbortSignal;
  /** Names each reconcile: what it logs and its span say the same. */
  readonly nextId: () => string;
}

/** How long a reconcile may take to end once it was told to. */
const graceMs = 5_000;

/** Works until no more keys are to be taken. */
export async function work(worker: Worker): Promise<void> {
  const { queue, quarantine, taking } = worker;
  const next = () => queue.take({ signal: taking });
  for (let taken = await next(); taken !== undefined; taken = await next()) {
    const { key } = taken;
    const { reconcile, againInMs } = quarantine.judge(taken);
    if (againInMs !== undefined) queue.addAfter(key, againInMs);
    if (reconcile) await attend(worker, key);
    else queue.done(key);
  }
}

/** Reconciles a key, and leaves it behind when it does not end: it stays taken until it does. */
async function attend(worker: Worker, key: string): Promise<void> {
  const { options, queue, quarantine, working } = worker;
  const { clock, deadlineMs = 30_000 } = options;
  using deadline = withDeadline(`reconciling ${key}`, deadlineMs, { signal: working, clock });
  const reconciling = reconcileOne(worker, key, deadline.signal).finally(() => queue.done(key));
  using patience = lagBehind(deadline.signal, graceMs, clock);
  if (await endsBefore(reconciling, patience)) return;
  options.logger.error("reconcile does not end and is left behind", { key, deadlineMs });
  quarantine.stuck(key);
}

async function endsBefore(reconciling: Promise<void>, { signal }: OwnedSignal): Promise<boolean> {
  try {
    await abortable(reconciling, signal);
    return true;
  } catch {
    return false; // it never rejects by itself
  }
}

/** Never throws: what the reconcile function throws is a retry. */
async function reconcileOne(worker: Worker, key: string, signal: AbortSignal): Promise<void> {
  const { options, nextId } = worker;
  const { clock, metrics, name, logger } = options;
  const startedAtMs = clock.monotonic();
  const ended = metrics?.reconciling(name);
  const reconcileId = nextId();
  const result = await attempt(worker, { key, reconcileId }, signal);
  const ms = clock.monotonic() - startedAtMs;
  ended?.(result, ms / 1_000);
  logger.debug("reconciled", { reconcileId, key, result, ms });
}

/** One reconcile of one key. */
interface Subject {
  readonly key: string;
  readonly reconcileId: string;
}

async function attempt(
  { options, queue, quarantine }: Pick<Worker, "options" | "queue" | "quarantine">,
  { key, reconcileId }: Subject,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  try {
    const requeue = await traced(options, { key, reconcileId }, signal);
    queue.forget(key);
    if (requeue.kind === "onChange") return "success";
    queue.addAfter(key, requeue.ms);
    return "requeue_after";
  } catch (error) {
    const why = isOutage(error) ? "outage" : "failure";
    const retryInMs = queue.retry(key, why, askedWaitMs(error));
    if (why === "outage") quarantine.excuse(key, retryInMs);
    // A conflict only says that someone was faster: the next reconcile sees the newer object.
    const level = isKubeError(error, "Conflict") ? "debug" : "warn";
    options.logger[level]("reconcile failed, trying again", { reconcileId, key, retryInMs, error });
    return "error";
  }
}

function traced(
  { name, tracer, reconcile }: ControllerOptions,
  { key: text, reconcileId }: Subject,
  signal: AbortSignal,
) {
  const key = parseKeyText(text);
  const attributes = {
    controller: name,
    "reconcile.id": reconcileId,
    "object.namespace": key.namespace ?? "",
    "object.name": key.name,
  };
  const span = { name: `reconcile ${name}`, kind: "internal", attributes } as const;
  return inSpan(tracer, span, async () => reconcile(key, { signal }));
}
