/** Which Agents a change can concern. */
import { fromStore, keyOf, type Source } from "@lmos/kube";
import { deploymentsSelectedBy } from "../selection.ts";
import type { Stores } from "../stores.ts";

/** The sources of keys of Agents. An Agent that is made from a Deployment is named like it. */
export function agentSources(stores: Stores): readonly Source[] {
  return [
    fromStore(stores.agents, (agent) => [keyOf(agent)]),
    fromStore(stores.deployments, (deployment) => [keyOf(deployment)]),
    fromStore(stores.services, (service) => [
      keyOf(service),
      ...deploymentsSelectedBy(service, stores).map(keyOf),
    ]),
  ];
}
