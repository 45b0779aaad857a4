/**
 * Leader election over a Lease, with client-go's figures: a lease lasts 15 s, a leader that could not renew it for 10 s
 * steps down, everybody tries every 2 s or a little sooner, and half a second after a renewal that failed. Clocks are never compared: a lease has run out when it was
 * not seen to change for as long as it lasts, by the monotonic clock of the one who looks.
 *
 * A lease does not fence: a leader that was paused may still write for a moment after another took over. So each
 * leadership has a term, higher than any before. Put it into what the leader writes, and let the server refuse
 * anything lower (a CRD rule such as `self.writerTerm >= oldSelf.writerTerm`).
 */
import { errorMessage } from "@lmos/primitives";
import { campaign } from "./campaign.ts";
import { type HeldLease, holdLease } from "./held-lease.ts";
import type { LeaderOptions } from "./leader-options.ts";
import { keyText } from "./object.ts";

/** One time of being the leader. */
export interface Leadership {
  /** Higher than that of every leadership before. */
  readonly term: number;
  /** Aborted when the leadership is lost or the process is to stop: no more writes from then on. */
  readonly signal: AbortSignal;
  /** Aborted when the leadership is lost: what is in flight is to give up. Not when the process is to stop in order. */
  readonly lost: AbortSignal;
  /**
   * Whether this process is the leader at this very moment. Ask before each write: a process that was stopped for a
   * while may go on with a write before its timers tell it that its time is over.
   */
  isCurrent(): boolean;
}

/**
 * Runs `work` whenever this process is the leader. Loses and stands again for ever; resolves when `options.signal` is
 * aborted or `work` returns by itself, rejects with what `work` throws. `work` is to settle when its signal is aborted:
 * the lease is kept until then and released, so that the next leader need not wait.
 */
export async function runAsLeader(
  options: LeaderOptions,
  work: (leadership: Leadership) => Promise<void>,
): Promise<void> {
  const logger = options.logger.child({ lease: keyText(options.lease), identity: options.identity });
  for (;;) {
    const held = await campaign({ ...options, logger });
    if (held === undefined) return;
    logger.info("this process is the leader", { term: held.term });
    const outcome = await lead({ ...options, logger }, held, work);
    if (outcome === "ended") return;
    logger.warn("this process is no longer the leader", { term: held.term });
  }
}

async function lead(
  options: LeaderOptions,
  held: HeldLease,
  work: (leadership: Leadership) => Promise<void>,
): Promise<"ended" | "lost"> {
  const { metrics, signal } = options;
  const name = keyText(options.lease);
  await using tenure = holdLease(options, held);
  metrics?.leading(name, true);
  try {
    await work({
      term: held.term,
      signal: AbortSignal.any([signal, tenure.lost]),
      lost: tenure.lost,
      isCurrent: () => tenure.isHeld(),
    });
  } catch (error) {
    if (!tenure.lost.aborted && !signal.aborted) throw error;
    options.logger.debug("the leader's work was interrupted", { reason: errorMessage(error) });
  } finally {
    metrics?.leading(name, false);
  }
  return tenure.lost.aborted && !signal.aborted ? "lost" : "ended";
}
