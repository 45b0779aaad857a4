/** Runs the operator's work on one replica at a time: behind a Lease, or at once where there is no election. */
import { type KubeClient, type KubeMetrics, runAsLeader } from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import { OperatorError } from "../errors.ts";
import type { Stores } from "../stores.ts";
import { fenceWrites, type WritingClient } from "./fence.ts";

/** What replicas elect their leader by. */
export interface LeaderElection {
  readonly lease: { readonly namespace: string; readonly name: string };
  /** Names this process and no other, past or present: a pod's name with a random part. */
  readonly identity: string;
}

/** Who stands for election, and with what. */
export interface LeadOptions {
  readonly client: KubeClient;
  /** No election unless given: the work begins at once, and its writes are not fenced. */
  readonly election: LeaderElection | undefined;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: KubeMetrics;
  readonly signal: AbortSignal;
}

/** The work of a leader: ends in order when the signal is aborted. */
type Work = (client: WritingClient, options: { readonly signal: AbortSignal }) => Promise<void>;

/**
 * Waits for its turn, then works until aborted; resolves when the work has ended and the lease is free for others.
 * Throws OperatorError `LeadershipLost` when another leads or may lead: the process is to end and begin anew.
 */
export async function lead(options: LeadOptions, work: Work): Promise<void> {
  const { client, election, stores, signal } = options;
  if (election === undefined) return work(client, { signal });
  if (!(await haveSynced(stores, signal))) return; // a replica that sees nothing leads nobody
  const ended = new AbortController();
  const end = (error: OperatorError): void => ended.abort(error);
  const standing = AbortSignal.any([signal, ended.signal]);
  const highestTerm = async (): Promise<number> => highestTermOf(stores);
  await runAsLeader({ ...options, ...election, highestTerm, signal: standing }, async (leadership) => {
    try {
      await work(fenceWrites(client, leadership, end), { signal: leadership.signal });
    } finally {
      if (leadership.lost.aborted) end(lostError(leadership));
    }
  });
  if (ended.signal.aborted && !signal.aborted) throw ended.signal.reason;
}

/** Terms go on above the highest that a routing carries, also when the Lease was deleted. */
function highestTermOf({ routings }: Stores): number {
  return routings.list().reduce((highest, { spec }) => Math.max(highest, spec.writerTerm ?? 0), 0);
}

async function haveSynced(stores: Stores, signal: AbortSignal): Promise<boolean> {
  try {
    await Promise.all(Object.values(stores).map((store) => store.whenSynced({ signal })));
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

function lostError({ term, lost }: { readonly term: number; readonly lost: AbortSignal }): OperatorError {
  return new OperatorError("LeadershipLost", `the lease was lost in term ${term}`, { cause: lost.reason });
}
