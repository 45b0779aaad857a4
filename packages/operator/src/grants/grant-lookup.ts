/** The same answers about grants without a cluster: for objects of files, or for those of a cluster at one moment. */
import { createObjectStore, type KubeObject, type MutableStore } from "@lmos/kube";
import type { Agent, CapabilityGrant, Channel, Tenant, Workload } from "@lmos/resources";
import { type UngrantedClaim, ungrantedClaims } from "../agent/granted.ts";
import { indexes, namespaceOf, type Stores } from "../stores.ts";
import { grantedAgentOf } from "./agents-of-grant.ts";
import { type ChannelGrants, gatherChannelGrants, grantsConcerning } from "./channel-grants.ts";
import type { GrantsMode } from "./mode.ts";

/** What grants depend on. */
export interface GrantObjects {
  readonly tenants: readonly Tenant[];
  readonly grants: readonly CapabilityGrant[];
  readonly agents: readonly Agent[];
  readonly channels: readonly Channel[];
  /** Agents' workloads, as far as they are known: whose account the agents run under. */
  readonly workloads: readonly Workload[];
}

/** Answers about grants. */
export interface GrantLookup {
  /** What grants say about a Channel of these; undefined where they do not count. */
  ofChannel(channel: Channel): ChannelGrants | undefined;
  /** What an Agent of these claims and nobody granted. */
  ofAgent(agent: Agent): readonly UngrantedClaim[];
}

/** Answers from these objects. */
export function createGrantLookup(objects: GrantObjects, mode: GrantsMode): GrantLookup {
  const stores = storesOf(objects);
  return {
    ofChannel: (channel) => {
      const agents = stores.agents.byIndex("namespace", namespaceOf(channel));
      return gatherChannelGrants(channel, agents, { stores, mode });
    },
    ofAgent: (agent) =>
      ungrantedClaims(agent, {
        agent: grantedAgentOf(agent, stores),
        grants: grantsConcerning(namespaceOf(agent), stores),
      }),
  };
}

function storesOf({ tenants, grants, agents, channels, workloads }: GrantObjects): Stores {
  const ofKind = <K extends Workload["kind"]>(kind: K) =>
    workloads.filter((workload): workload is Extract<Workload, { kind: K }> => workload.kind === kind);
  return {
    deployments: filled({ indexes: indexes.workloads }, ofKind("Deployment")),
    statefulSets: filled({ indexes: indexes.workloads }, ofKind("StatefulSet")),
    rollouts: filled({ indexes: indexes.workloads }, ofKind("Rollout")),
    services: createObjectStore(),
    routings: createObjectStore(),
    agents: filled({ indexes: indexes.agents }, agents),
    channels: filled({ indexes: indexes.channels }, channels),
    tenants: filled({ indexes: indexes.tenants }, tenants),
    grants: filled({ indexes: indexes.grants }, grants),
  };
}

function filled<T extends KubeObject>(
  options: Parameters<typeof createObjectStore<T>>[0],
  objects: readonly T[],
): MutableStore<T> {
  const store = createObjectStore<T>(options);
  store.replaceAll(objects);
  return store;
}
