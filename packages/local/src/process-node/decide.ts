/**
 * What to do about the processes of one Deployment, given what it asks for and what runs. Pure: the same answer for the
 * same input, and no action once the two agree. A changed template rolls: all new processes start at once, an old one
 * stops for each new one that is ready.
 */
import { isActive, isReady, type LocalProcess } from "./local-process.ts";
import type { Launch, Workload } from "./workload.ts";

/** One step towards what the Deployment asks for. */
export type ProcessAction =
  | { readonly kind: "start"; readonly replica: number; readonly launch: Launch }
  | { readonly kind: "restart"; readonly id: string }
  | { readonly kind: "stop"; readonly id: string };

/** `wakeAfterMs`: when to decide again, if nothing happens before. */
export interface ProcessDecision {
  readonly actions: readonly ProcessAction[];
  readonly wakeAfterMs: number | undefined;
}

/** `workload` is undefined when the Deployment is gone or no longer ours; `now` reads the monotonic clock. */
export interface ProcessInput {
  readonly workload: Workload | undefined;
  readonly processes: readonly LocalProcess[];
  readonly now: number;
}

/** Decides once. */
export function decideProcesses({ workload, processes, now }: ProcessInput): ProcessDecision {
  const active = processes.filter(isActive);
  const stopping = surplus(workload, active);
  const kept = active.filter((process) => !stopping.includes(process));
  const waits = kept.flatMap(({ id, state }) =>
    state.kind === "waiting" ? [{ id, ms: state.until - now }] : [],
  );
  const pending = waits.filter(({ ms }) => ms > 0).map(({ ms }) => ms);
  return {
    actions: [
      ...stopping.map(({ id }) => ({ kind: "stop", id }) as const),
      ...waits.filter(({ ms }) => ms <= 0).map(({ id }) => ({ kind: "restart", id }) as const),
      ...missing(workload, kept, processes),
    ],
    wakeAfterMs: pending.length === 0 ? undefined : Math.min(...pending),
  };
}

/** The processes that must go: those of a Deployment that is gone, and more than are asked for. */
function surplus(workload: Workload | undefined, active: readonly LocalProcess[]): readonly LocalProcess[] {
  if (workload === undefined) return active;
  const orphans = active.filter(({ owner }) => owner !== workload.uid);
  const ours = active.filter(({ owner }) => owner === workload.uid);
  const current = ours.filter(({ templateHash }) => templateHash === workload.templateHash);
  const old = ours.filter(({ templateHash }) => templateHash !== workload.templateHash);
  const keepCurrent = byWorth(current).slice(0, workload.replicas);
  const stillNeeded = Math.max(0, workload.replicas - keepCurrent.filter(isReady).length);
  return [...orphans, ...byWorth(current).slice(workload.replicas), ...byWorth(old).slice(stillNeeded)];
}

/** The ready ones first, then the lowest replica. */
function byWorth(processes: readonly LocalProcess[]): readonly LocalProcess[] {
  return processes.toSorted((a, b) => Number(isReady(b)) - Number(isReady(a)) || a.replica - b.replica);
}

function missing(
  workload: Workload | undefined,
  kept: readonly LocalProcess[],
  processes: readonly LocalProcess[],
): readonly ProcessAction[] {
  if (workload?.launch.kind !== "valid") return [];
  const { launch } = workload.launch;
  const current = kept.filter(({ templateHash }) => templateHash === workload.templateHash);
  const count = Math.max(0, workload.replicas - current.length);
  return freeReplicas(processes, count).map((replica) => ({ kind: "start", replica, launch }) as const);
}

/** The `count` smallest numbers that no process has, not even one that is stopping: a log has one writer. */
function freeReplicas(processes: readonly LocalProcess[], count: number): readonly number[] {
  const taken = new Set(processes.map(({ replica }) => replica));
  const candidates = Array.from({ length: taken.size + count }, (_, index) => index);
  return candidates.filter((replica) => !taken.has(replica)).slice(0, count);
}
