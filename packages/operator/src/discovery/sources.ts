/** Which workloads a change can concern. Keys are names: there is one Agent a name, whichever kinds bear it. */
import { fromStore, keyOf, type Source } from "@lmos/kube";
import type { Stores } from "../stores.ts";
import { workloadsSelectedBy } from "../workload/selection.ts";

/** The sources of keys of workloads. An Agent that is made from a workload is named like it. */
export function discoverySources(stores: Stores): readonly Source[] {
  return [
    fromStore(stores.deployments, (deployment) => [keyOf(deployment)]),
    fromStore(stores.statefulSets, (statefulSet) => [keyOf(statefulSet)]),
    fromStore(stores.rollouts, (rollout) => [keyOf(rollout)]),
    fromStore(stores.services, (service) => workloadsSelectedBy(service, stores).map(keyOf)),
    fromStore(stores.agents, (agent) => [keyOf(agent)]),
  ];
}
