/** Whether a workload's status says that what is wanted is what runs (W7: comparing replica counts is not enough). */
import type { Workload } from "@lmos/resources";

/** True when the newest generation is rolled out everywhere, nothing older runs, and every replica is available. */
export function isRolledOut(workload: Workload): boolean {
  const { spec, status } = workload;
  if (status === undefined || spec.replicas === 0) return false;
  const isUpdated = status.updatedReplicas === spec.replicas && status.replicas <= spec.replicas;
  return isUpdated && status.availableReplicas === spec.replicas && isSettled(workload);
}

/** What each kind says beside the counts. */
function isSettled(workload: Workload): boolean {
  const { kind, metadata } = workload;
  const wanted = metadata.generation ?? 0;
  switch (kind) {
    case "Deployment":
      return (workload.status?.observedGeneration ?? 0) >= wanted;
    case "StatefulSet":
      return (workload.status?.observedGeneration ?? 0) >= wanted && hasOneRevision(workload);
    case "Rollout":
      // Healthy is said by Argo once no canary and no preview is on its way any more.
      return Number(workload.status?.observedGeneration) >= wanted && workload.status?.phase === "Healthy";
    default:
      return workload satisfies never;
  }
}

/** The controller makes the update's revision the current one when all pods have it. */
function hasOneRevision({ status }: Extract<Workload, { kind: "StatefulSet" }>): boolean {
  return status?.currentRevision === status?.updateRevision;
}
