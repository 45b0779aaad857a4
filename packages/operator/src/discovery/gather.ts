/** Reads what the Agent of a workload depends on: objects from the stores, and the agent's own document when due. */
import type { CallOptions, ObjectKey } from "@lmos/kube";
import type { Agent, Workload } from "@lmos/resources";
import type { Stores } from "../stores.ts";
import { workloadsAt } from "../workload/lookup.ts";
import { isRolledOut } from "../workload/rolled-out.ts";
import { servicesSelecting } from "../workload/selection.ts";
import { isForeign } from "./ownership.ts";
import type { Reading, Readings } from "./readings.ts";
import { findTarget, type TargetFinding } from "./target.ts";

/** Everything that the Agent of one name depends on. */
export interface DiscoveryInput {
  /** The workload that owns the Agent, or that may announce it. */
  readonly workload: Workload;
  /** Other workloads of the same name: there can be only one Agent of it. */
  readonly rivals: readonly Workload[];
  /** The Agent of the same name, whoever wrote it. */
  readonly agent: Agent | undefined;
  readonly target: TargetFinding;
  /** Undefined where nothing may or can be read now. */
  readonly reading: Reading | undefined;
}

/** What gathering works with. `local` means: find processes by the annotation of their Service. */
export interface DiscoveryGathering {
  readonly stores: Stores;
  readonly readings: Readings;
  readonly local: boolean;
}

/** The input for a key, or undefined where there is no such workload (any more). */
export async function gatherDiscovery(
  key: ObjectKey,
  { stores, readings, local }: DiscoveryGathering,
  options: CallOptions,
): Promise<DiscoveryInput | undefined> {
  const workloads = workloadsAt(key, stores).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );
  const agent = stores.agents.get(key);
  const workload = chooseWorkload(workloads, agent);
  if (workload === undefined) {
    readings.forget(key);
    return undefined;
  }
  const target = findTarget(workload, servicesSelecting(workload, stores), { local });
  const rivals = workloads.filter((other) => other !== workload);
  const input = { workload, rivals, agent, target };
  const isReadable =
    target.kind === "found" && isRolledOut(workload) && !(agent && isForeign(agent, workload));
  if (!isReadable) return { ...input, reading: undefined };
  const subject = `${workload.metadata.uid} ${workload.metadata.generation} ${target.origin}`;
  return { ...input, reading: await readings.current(key, { subject, origin: target.origin }, options) };
}

/** That which owns the Agent, so that a second workload of its name takes nothing over; else the first. */
function chooseWorkload(workloads: readonly Workload[], agent: Agent | undefined): Workload | undefined {
  const owner = workloads.find((workload) => agent !== undefined && !isForeign(agent, workload));
  return owner ?? workloads[0];
}
