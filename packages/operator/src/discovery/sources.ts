/** Which Deployments a change can concern. */
import { fromStore, keyOf, type Source } from "@lmos/kube";
import { deploymentsSelectedBy } from "../selection.ts";
import type { Stores } from "../stores.ts";

/** The sources of keys of Deployments. An Agent that is made from a Deployment is named like it. */
export function discoverySources(stores: Stores): readonly Source[] {
  return [
    fromStore(stores.deployments, (deployment) => [keyOf(deployment)]),
    fromStore(stores.services, (service) => deploymentsSelectedBy(service, stores).map(keyOf)),
    fromStore(stores.agents, (agent) => [keyOf(agent)]),
  ];
}
