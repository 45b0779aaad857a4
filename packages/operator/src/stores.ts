/** The mirrored objects that the controllers and the read API read, and the indexes by which they find them. */
import {
  createReflectorGroup,
  type KubeClient,
  type KubeMetrics,
  keyText,
  type Reflector,
  type Store,
} from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import {
  type Agent,
  agentKind,
  agentLabel,
  type Channel,
  type ChannelIdentity,
  type ChannelRouting,
  channelIdentityOf,
  channelKind,
  channelRoutingKind,
  type Deployment,
  deploymentKind,
  type Rollout,
  rolloutKind,
  type Service,
  type StatefulSet,
  serviceKind,
  statefulSetKind,
  type Workload,
} from "@lmos/resources";
import { createOptionalReflector } from "./optional-reflector.ts";
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

const byIdentity = (object: Channel | ChannelRouting): readonly string[] => [
  identityValue(namespaceOf(object), channelIdentityOf(object)),
];

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
    /** By the names of provided capabilities. */
    capability: (agent: Agent): readonly string[] =>
      agent.spec.providedCapabilities.map(({ name }) => within(namespaceOf(agent), name)),
    /** By the names of capabilities that they require themselves. */
    requirement: (agent: Agent): readonly string[] =>
      (agent.spec.requiredCapabilities ?? []).map(({ name }) => within(namespaceOf(agent), name)),
  },
  channels: {
    identity: byIdentity,
    /** By tenant and subset: a tenant's channels. */
    tenant: (channel: Channel): readonly string[] => [
      tenantValue(namespaceOf(channel), channelIdentityOf(channel)),
    ],
    /** By the names of required capabilities. */
    requirement: (channel: Channel): readonly string[] =>
      channel.spec.requiredCapabilities.map(({ name }) => within(namespaceOf(channel), name)),
  },
  routings: {
    identity: byIdentity,
    /** By the names of wired agents. */
    agent: (routing: ChannelRouting): readonly string[] =>
      routing.spec.capabilityGroups.map(({ name }) => within(namespaceOf(routing), name)),
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
    },
    reflectors: Object.values(mirrors),
  };
}
