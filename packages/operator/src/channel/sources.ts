/** Which Channels a change can concern: an edit of one object touches only those. */
import { fromStore, keyOf, type ObjectKey, type Source, type Store } from "@lmos/kube";
import type { Workload } from "@lmos/resources";
import { isSameToChannels } from "../agent/news.ts";
import type { Stores } from "../stores.ts";
import { serviceAccountOf } from "../workload/pods.ts";
import {
  channelsAtQuota,
  channelsOfAgent,
  channelsOfAgentsAtQuota,
  channelsOfGrant,
  channelsOfTenant,
  namesakesOf,
  wiredChannels,
} from "./concerned.ts";

/** The sources of keys of Channels. */
export function channelSources(stores: Stores): readonly Source[] {
  return [
    fromStore(stores.channels, (channel) => [
      keyOf(channel),
      ...namesakesOf(channel, stores),
      ...channelsAtQuota(channel, stores),
    ]),
    fromStore(stores.routings, (routing) => [keyOf(routing)]),
    fromStore(
      stores.agents,
      (agent) => [...channelsOfAgent(agent, stores), ...channelsOfAgentsAtQuota(agent, stores)],
      isSameToChannels,
    ),
    fromStore(stores.tenants, (tenant) => channelsOfTenant(tenant, stores)),
    fromStore(stores.grants, (grant) => channelsOfGrant(grant, stores)),
    onAccountChange(stores.deployments, stores),
    onAccountChange(stores.statefulSets, stores),
    onAccountChange(stores.rollouts, stores),
  ];
}

/** The account that an agent runs under is its workload's, and grants may name it. Nothing else of a workload counts. */
function onAccountChange<T extends Workload>(workloads: Store<T>, stores: Stores): Source {
  const accountOf = (workload: T | undefined) =>
    workload === undefined ? undefined : serviceAccountOf(workload);
  return {
    start: (enqueue) =>
      workloads.subscribe(({ before, after }) => {
        const workload = after ?? before;
        if (workload === undefined || accountOf(before) === accountOf(after)) return;
        for (const key of channelsOfWorkload(workload, stores)) enqueue(key, { lane: "dependant" });
      }),
  };
}

function channelsOfWorkload(workload: Workload, stores: Stores): readonly ObjectKey[] {
  if (stores.grants.list().length === 0) return [];
  const key = keyOf(workload);
  const agent = stores.agents.get(key);
  return agent === undefined ? wiredChannels(key, stores) : channelsOfAgent(agent, stores);
}
