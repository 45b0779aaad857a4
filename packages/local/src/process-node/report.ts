/** The status of a Deployment, from what it asks for and what runs. Pure; the texts are those of Kubernetes where it has one. */
import { type DecidedCondition, transition } from "@lmos/resources";
import { isActive, isReady, type LocalProcess } from "./local-process.ts";
import type { DeploymentStatus, Workload } from "./workload.ts";

/** What a status is made of; `now` is RFC 3339. */
export interface StatusInput {
  readonly name: string;
  /** Undefined when the Deployment is no longer ours: then nothing of it runs. */
  readonly workload: Workload | undefined;
  readonly generation: number | undefined;
  readonly processes: readonly LocalProcess[];
  readonly earlier: DeploymentStatus;
  readonly now: string;
}

/** The status to write. */
export function reportStatus(input: StatusInput): DeploymentStatus {
  const active = input.processes.filter(isActive);
  const ready = active.filter(isReady).length;
  const wanted = input.workload?.replicas ?? 0;
  const updated = active.filter(({ templateHash }) => templateHash === input.workload?.templateHash).length;
  const counts = { wanted, total: active.length, updated, ready };
  return {
    observedGeneration: input.generation,
    replicas: active.length,
    updatedReplicas: updated,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: Math.max(wanted, active.length) - ready,
    conditions: transition(
      input.earlier.conditions,
      [available(counts), progressing(input, counts), replicaFailure(input.name, active)],
      input.now,
    ),
  };
}

interface Counts {
  readonly wanted: number;
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
}

/** As in a cluster with the default strategy, a quarter (rounded down) may be missing. */
function available({ wanted, ready }: Counts): DecidedCondition {
  return ready >= wanted - Math.floor(wanted / 4)
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

function progressing({ name, workload }: StatusInput, counts: Counts): DecidedCondition {
  if (workload?.launch.kind === "invalid") {
    return {
      type: "Progressing",
      status: "False",
      reason: "InvalidCommand",
      message: workload.launch.reason,
    };
  }
  const { wanted, total, updated, ready } = counts;
  const complete = total === wanted && updated === wanted && ready === wanted;
  return {
    type: "Progressing",
    status: "True",
    reason: complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
    message: complete
      ? `Deployment "${name}" has successfully progressed.`
      : `Deployment "${name}" is progressing.`,
  };
}

/** True from a process's first crash until it is ready again, so that it does not flap with each restart. */
function replicaFailure(name: string, active: readonly LocalProcess[]): DecidedCondition {
  const failing = active.find((process) => process.crashes > 0 && !isReady(process));
  if (failing === undefined) {
    return { type: "ReplicaFailure", status: "False", reason: "NoCrash", message: "No process is crashing." };
  }
  return {
    type: "ReplicaFailure",
    status: "True",
    reason: "CrashLoopBackOff",
    message: `Replica ${failing.replica} ${failing.lastExit}; it is started again with growing pauses. See: lmos logs ${name}`,
  };
}
