/** Which Agents a change can concern. */
import { fromStore, keyOf, type Source } from "@lmos/kube";
import { agentsOfGrant } from "../grants/agents-of-grant.ts";
import type { Stores } from "../stores.ts";
import { workloadsSelectedBy } from "../workload/selection.ts";

/** The sources of keys of Agents. An Agent that is made from a workload is named like it. */
export function agentSources(stores: Stores): readonly Source[] {
  return [
    fromStore(stores.agents, (agent) => [keyOf(agent)]),
    fromStore(stores.deployments, (deployment) => [keyOf(deployment)]),
    fromStore(stores.statefulSets, (statefulSet) => [keyOf(statefulSet)]),
    fromStore(stores.rollouts, (rollout) => [keyOf(rollout)]),
    fromStore(stores.grants, (grant) => agentsOfGrant(grant, stores).map(keyOf)),
    fromStore(stores.services, (service) => [
      keyOf(service),
      ...workloadsSelectedBy(service, stores).map(keyOf),
    ]),
  ];
}
