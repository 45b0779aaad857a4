/** Whether a Deployment's status says that what is wanted is what runs (W7: comparing replica counts is not enough). */
import type { Deployment } from "@lmos/resources";

/** True when the newest generation is rolled out everywhere, nothing older runs, and every replica is available. */
export function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  if (status === undefined || spec.replicas === 0) return false;
  const isObserved = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const isUpdated = status.updatedReplicas === spec.replicas && status.replicas <= spec.replicas;
  return isObserved && isUpdated && status.availableReplicas === spec.replicas;
}
