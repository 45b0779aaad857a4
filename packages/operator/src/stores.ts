/** The mirrored objects that the controllers and the read API read, and the indexes by which they find them. */
import {
  createObjectStore,
  createOptionalReflector,
  createReflectorGroup,
  type KubeClient,
  type KubeMetrics,
  keyText,
  type Reflector,
  type Store,
} from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import { namespacesOfGrant } from "@lmos/resolver";
import {
  type Agent,
  agentKind,
  agentLabel,
  type CapabilityGrant,
  type Channel,
  type ChannelIdentity,
  type ChannelRevision,
  type ChannelRouting,
  capabilityGrantKind,
  channelIdentityOf,
  channelKind,
  channelRoutingKind,
  type Deployment,
  deploymentKind,
  type GrantsMode,
  type Rollout,
  rolloutKind,
  type Service,
  type StatefulSet,
  serviceKind,
  statefulSetKind,
  type Tenant,
  tenantIdOf,
  tenantKind,
  type Workload,
} from "@lmos/resources";
import { podLabelsOf } from "./workload/pods.ts";

/** One store for each kind that is read. */
export interface Stores {
  /** Of workloads only those labelled `lmos-agent=true`. */
  readonly deployments: Store<Deployment>;
  readonly statefulSets: Store<StatefulSet>;
  /** Empty where the cluster does not have the kind. */
  readonly rollouts: Store<Rollout>;
  readonly services: Store<Service>;
  readonly agents: Store<Agent>;
  readonly channels: Store<Channel>;
  readonly routings: Store<ChannelRouting>;
  /** Both empty where grants do not count. */
  readonly tenants: Store<Tenant>;
  readonly grants: Store<CapabilityGrant>;
}

interface Namespaced {
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
}

/** The namespace of an object; objects of namespaced kinds always have one. */
export function namespaceOf(object: Namespaced): string {
  return object.metadata.namespace ?? "";
}

/** Index value of a thing that is named within a namespace. */
export function within(namespace: string, name: string): string {
  return keyText({ namespace, name });
}

/** Index value of the identity of a channel within a namespace. */
export function identityValue(namespace: string, { tenant, channel, subset }: ChannelIdentity): string {
  return `${namespace}/${tenant}/${channel}/${subset}`;
}

/** Index value of a label within a namespace. */
export function labelValue(namespace: string, [name, value]: readonly [string, string]): string {
  return `${namespace}/${name}=${value}`;
}

/** Index value of all channels of a tenant for one subset. */
export function tenantValue(
  namespace: string,
  { tenant, subset }: Pick<ChannelIdentity, "tenant" | "subset">,
): string {
  return `${namespace}/${tenant}/${subset}`;
}

/** Index value of the identity of a channel wherever it lies. */
export function identityAnywhere({ tenant, channel, subset }: ChannelIdentity): string {
  return `${tenant}/${channel}/${subset}`;
}

const byIdentity = (object: Channel | ChannelRouting): readonly string[] => [
  identityValue(namespaceOf(object), channelIdentityOf(object)),
];

/** The revision that a Channel is held at, or else the one that was active last. */
export function restorableRevision({ spec, status }: Channel): ChannelRevision | undefined {
  const wanted = spec.pinnedRevision ?? status?.activeRevision;
  return status?.revisions?.find(({ revision }) => revision === wanted);
}

/** By each label of the pods. */
const byPodLabel = (workload: Workload): readonly string[] =>
  Object.entries(podLabelsOf(workload)).map((label) => labelValue(namespaceOf(workload), label));

/** The indexes of each store, by name. */
export const indexes = {
  workloads: { label: byPodLabel },
  services: {
    /** By the first label of the selector: whatever is selected has it. */
    selector: (service: Service): readonly string[] =>
      Object.entries(service.spec.selector)
        .slice(0, 1)
        .map((label) => labelValue(namespaceOf(service), label)),
  },
  agents: {
    namespace: (agent: Agent): readonly string[] => [namespaceOf(agent)],
    /** By the names of provided capabilities. */
    capability: (agent: Agent): readonly string[] =>
      agent.spec.providedCapabilities.map(({ name }) => within(namespaceOf(agent), name)),
    /** By the names of capabilities that they require themselves. */
    requirement: (agent: Agent): readonly string[] =>
      (agent.spec.requiredCapabilities ?? []).map(({ name }) => within(namespaceOf(agent), name)),
  },
  channels: {
    identity: byIdentity,
    identityAnywhere: (channel: Channel): readonly string[] => [identityAnywhere(channelIdentityOf(channel))],
    /** By tenant, wherever they lie. */
    tenantAnywhere: (channel: Channel): readonly string[] => [channelIdentityOf(channel).tenant],
    /** By tenant and subset: a tenant's channels. */
    tenant: (channel: Channel): readonly string[] => [
      tenantValue(namespaceOf(channel), channelIdentityOf(channel)),
    ],
    /** By the names of required capabilities. */
    requirement: (channel: Channel): readonly string[] =>
      channel.spec.requiredCapabilities.map(({ name }) => within(namespaceOf(channel), name)),
    /** By the names of the agents of the wiring that is put back when the routing does not hold it. */
    restorable: (channel: Channel): readonly string[] => {
      const wires = restorableRevision(channel)?.wires ?? [];
      return [...new Set(wires.map(({ agent }) => within(namespaceOf(channel), agent)))];
    },
  },
  routings: {
    identity: byIdentity,
    /** By the names of wired agents. */
    agent: (routing: ChannelRouting): readonly string[] =>
      routing.spec.capabilityGroups.map(({ name }) => within(namespaceOf(routing), name)),
  },
  tenants: {
    id: (tenant: Tenant): readonly string[] => [tenantIdOf(tenant)],
  },
  grants: {
    /** By the namespaces of those who are granted something. */
    namespace: namespacesOfGrant,
  },
} as const;

/** The stores together with what keeps them current. */
export interface Mirror {
  readonly stores: Stores;
  readonly reflectors: readonly Pick<Reflector<Deployment>, "run" | "silentMs">[];
}

/** Mirrors these namespaces, or all where none are given. Nothing is read before the reflectors run. */
export function createMirror(options: {
  readonly client: KubeClient;
  readonly namespaces: readonly string[] | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics?: KubeMetrics | undefined;
  /** Whether Tenants and CapabilityGrants are mirrored. */
  readonly grants: GrantsMode;
}): Mirror {
  const ofAgents = { ...options, labelSelector: `${agentLabel}=true`, indexes: indexes.workloads };
  const mirrors = {
    deployments: createReflectorGroup({ ...ofAgents, type: deploymentKind }),
    statefulSets: createReflectorGroup({ ...ofAgents, type: statefulSetKind }),
    rollouts: createOptionalReflector({ ...ofAgents, type: rolloutKind }),
    services: createReflectorGroup({ ...options, type: serviceKind, indexes: indexes.services }),
    agents: createReflectorGroup({ ...options, type: agentKind, indexes: indexes.agents }),
    channels: createReflectorGroup({ ...options, type: channelKind, indexes: indexes.channels }),
    routings: createReflectorGroup({ ...options, type: channelRoutingKind, indexes: indexes.routings }),
  };
  const ofGrants = mirrorGrants(options);
  const { deployments, statefulSets, rollouts, services, agents, channels, routings } = mirrors;
  return {
    stores: {
      deployments: deployments.store,
      statefulSets: statefulSets.store,
      rollouts: rollouts.store,
      services: services.store,
      agents: agents.store,
      channels: channels.store,
      routings: routings.store,
      ...ofGrants.stores,
    },
    reflectors: [...Object.values(mirrors), ...ofGrants.reflectors],
  };
}

/**
 * Their kinds may be missing, which grants nothing; but as long as they may not be listed nothing starts, as it is not
 * known then what is granted.
 */
function mirrorGrants(options: Parameters<typeof createMirror>[0]) {
  if (options.grants === "off") {
    const tenants = createObjectStore<Tenant>({ indexes: indexes.tenants });
    const grants = createObjectStore<CapabilityGrant>({ indexes: indexes.grants });
    tenants.replaceAll([]);
    grants.replaceAll([]);
    return { stores: { tenants, grants }, reflectors: [] };
  }
  const clusterWide = { ...options, namespaces: undefined, mustBeListed: true };
  const tenants = createOptionalReflector({ ...clusterWide, type: tenantKind, indexes: indexes.tenants });
  const grants = createOptionalReflector({
    ...clusterWide,
    type: capabilityGrantKind,
    indexes: indexes.grants,
  });
  return { stores: { tenants: tenants.store, grants: grants.store }, reflectors: [tenants, grants] };
}
