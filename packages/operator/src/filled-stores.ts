/** The stores that controllers read, filled with given objects instead of mirroring a cluster. */
import { createObjectStore, type KubeObject, type MutableStore } from "@lmos/kube";
import type { Agent, CapabilityGrant, Channel, ChannelRouting, Tenant, Workload } from "@lmos/resources";
import { indexes, type Stores } from "./stores.ts";

/** Objects of files, or those of a cluster at one moment. */
export interface GivenObjects {
  readonly tenants: readonly Tenant[];
  readonly grants: readonly CapabilityGrant[];
  readonly agents: readonly Agent[];
  readonly channels: readonly Channel[];
  /** None unless given. */
  readonly routings?: readonly ChannelRouting[] | undefined;
  /** Agents' workloads, as far as they are known: whose account the agents run under. */
  readonly workloads: readonly Workload[];
}

/** Stores that hold exactly these, and no Services. */
export function fillStores({
  tenants,
  grants,
  agents,
  channels,
  routings = [],
  workloads,
}: GivenObjects): Stores {
  const ofKind = <K extends Workload["kind"]>(kind: K) =>
    workloads.filter((workload): workload is Extract<Workload, { kind: K }> => workload.kind === kind);
  return {
    deployments: filled({ indexes: indexes.workloads }, ofKind("Deployment")),
    statefulSets: filled({ indexes: indexes.workloads }, ofKind("StatefulSet")),
    rollouts: filled({ indexes: indexes.workloads }, ofKind("Rollout")),
    services: filled({ indexes: indexes.services }, []),
    routings: filled({ indexes: indexes.routings }, routings),
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
