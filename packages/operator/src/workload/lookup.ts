/** The workloads of a name, whichever kinds they are of: an Agent is named like the workload that announces it. */
import type { ObjectKey } from "@lmos/kube";
import type { Agent, Workload } from "@lmos/resources";
import type { Stores } from "../stores.ts";

/** The stores of workloads. */
export type WorkloadStores = Pick<Stores, "deployments" | "statefulSets" | "rollouts">;

/** The workloads of that name, in the order in which they may announce an Agent. */
export function workloadsAt(key: ObjectKey, stores: WorkloadStores): readonly Workload[] {
  const found = [stores.deployments.get(key), stores.statefulSets.get(key), stores.rollouts.get(key)];
  return found.filter((workload) => workload !== undefined);
}

/** The reference to the workload that owns the Agent. */
export function ownerReferenceOf({ metadata }: Agent) {
  return metadata.ownerReferences?.find(({ kind, controller }) => controller === true && isWorkload(kind));
}

function isWorkload(kind: string): kind is Workload["kind"] {
  return kind === "Deployment" || kind === "StatefulSet" || kind === "Rollout";
}

/** The workload that owns the Agent; undefined where that is gone, or where there never was one. */
export function ownerOf(agent: Agent, stores: WorkloadStores): Workload | undefined {
  const reference = ownerReferenceOf(agent);
  if (reference === undefined) return undefined;
  const namesakes = workloadsAt({ namespace: agent.metadata.namespace, name: reference.name }, stores);
  return namesakes.find(({ kind, metadata }) => kind === reference.kind && metadata.uid === reference.uid);
}
